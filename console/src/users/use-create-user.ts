import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CreateUserDocument, type RegisterUserInput } from '../generated/graphql';
import { t } from '../messages/i18n';
import { announce } from '../ui/feedback/live';
import { useCommand } from '../user/use-command';
import { userAddressOf } from './user-address';

/** Registers a user, then shows its page. */
export function useCreateUser(onClose: () => void) {
  const [isMissing, setMissing] = useState(false);
  const navigate = useNavigate();
  const { run, ...command } = useCommand({
    document: CreateUserDocument,
    refusalsOf: (data) => data.registerUser?.errors,
  });
  /** Texts that are left empty are left out. */
  const create = async ({ username, name, kind, reason }: RegisterUserInput): Promise<void> => {
    setMissing(username.trim() === '');
    if (username.trim() === '') return document.getElementsByName('username')[0]?.focus();
    const sent = await run({
      username,
      ...(name?.trim() ? { name } : {}),
      ...(kind === 'SERVICE' ? { kind } : {}),
      ...(reason?.trim() ? { reason } : {}),
    });
    const user = sent?.registerUser?.user;
    if (!user) return;
    onClose();
    announce(t('createUser.done', { name: user.name }));
    await navigate({ to: '/users/$userId', params: { userId: userAddressOf(user.id) } });
  };
  return { ...command, isMissing, create };
}
