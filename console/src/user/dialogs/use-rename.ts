import type { Client } from '@urql/core';
import { useClient } from 'urql';
import { RenameUserDocument, type UpdateUserInput } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { send } from '../../role/save/send';
import { offerUndo } from '../../ui/feedback/undo';
import { refusalWords } from '../refusal-words';
import { useCommand } from '../use-command';
import type { UserOfPage } from '../user-types';

/** Names of a user, of which a change sends those that differ. */
export type Names = Pick<UserOfPage, 'name' | 'username'>;

/** Renames a user; it can be taken back for a while. */
export function useRename(user: Pick<UserOfPage, 'key'> & Names) {
  const client = useClient();
  const { run, ...command } = useCommand({
    document: RenameUserDocument,
    refusalsOf: (data) => data.updateUser?.errors,
  });
  /** @returns true if the user has these names now */
  const rename = async (names: Names): Promise<boolean> => {
    const next = differences(user, names);
    if (Object.keys(next).length === 0) return true;
    const sent = await run({ id: user.key, ...next });
    if (!sent) return false;
    offerUndo({
      text: t('rename.done', { name: sent.updateUser?.user?.name ?? names.name }),
      undo: () => renameBack(client, { id: user.key, ...differences(names, user) }),
    });
    return true;
  };
  return { ...command, rename };
}

const differences = (before: Names, after: Names): Partial<Names> => ({
  ...(after.name === before.name ? {} : { name: after.name }),
  ...(after.username === before.username ? {} : { username: after.username }),
});

async function renameBack(client: Client, change: UpdateUserInput): Promise<string | null> {
  const input = { ...change, idempotencyKey: crypto.randomUUID() };
  const { data, fault } = await send(client, RenameUserDocument, { input }, () => undefined);
  if (fault) return fault.message;
  const [refusal] = data.updateUser?.errors ?? [];
  return refusal ? refusalWords(refusal, new Map()) : null;
}
