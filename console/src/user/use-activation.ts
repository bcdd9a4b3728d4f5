import { useState } from 'react';
import { useClient } from 'urql';
import type { Fault } from '../api/fault';
import { DeactivateUserDocument, ReactivateUserDocument, type RefusalFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { send, type Sent } from '../role/save/send';
import { offerUndo } from '../ui/feedback/undo';
import { refusalWords } from './refusal-words';
import type { UserOfPage } from './user-types';

/** A change of the status that did not come about, and why. */
export interface Problem {
  readonly refusals: readonly RefusalFragment[];
  readonly fault: Fault | null;
}

const outcomeOf = <Data>(
  { data, fault }: Sent<Data>,
  refusalsOf: (data: Data) => readonly RefusalFragment[] | undefined,
): Problem | null => {
  if (fault) return { refusals: [], fault };
  const refusals = refusalsOf(data) ?? [];
  return refusals.length > 0 ? { refusals, fault: null } : null;
};

/** Deactivates and reactivates a user at once; each can be taken back for a while. */
export function useActivation({ key, name }: Pick<UserOfPage, 'key' | 'name'>) {
  const client = useClient();
  const [problem, setProblem] = useState<Problem | null>(null);
  const input = () => ({ input: { id: key, idempotencyKey: crypto.randomUUID() } });
  const wait = (): void => undefined;
  const deactivate = async (): Promise<Problem | null> =>
    outcomeOf(
      await send(client, DeactivateUserDocument, input(), wait),
      (data) => data.deactivateUser?.errors,
    );
  const reactivate = async (): Promise<Problem | null> =>
    outcomeOf(
      await send(client, ReactivateUserDocument, input(), wait),
      (data) => data.reactivateUser?.errors,
    );
  const atOnce = async (
    act: () => Promise<Problem | null>,
    back: () => Promise<Problem | null>,
    text: string,
  ): Promise<void> => {
    const found = await act();
    setProblem(found);
    if (found) return;
    offerUndo({ text, undo: async () => wordsOf(await back()) });
  };
  return {
    problem,
    dismiss: () => setProblem(null),
    deactivate: () => void atOnce(deactivate, reactivate, t('user.deactivated', { name })),
    reactivate: () => void atOnce(reactivate, deactivate, t('user.reactivated', { name })),
  };
}

function wordsOf(problem: Problem | null): string | null {
  if (problem === null) return null;
  const [refusal] = problem.refusals;
  return refusal ? refusalWords(refusal, new Map()) : (problem.fault?.message ?? '');
}
