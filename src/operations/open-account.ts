import { v4 } from 'uuid';
import type { Command, CommandContext } from '../commands/command';
import { ACCOUNT_ADMIN, isActor, type Actor } from '../domain/vocabulary';
import type { OperatorAnswer, OperatorBus } from './operator-bus';
import { userIdFor } from './user-ids';

export interface AccountWish {
  readonly account: string;
  readonly name: string;
  readonly features: readonly string[];
  readonly adminUsername: string;
}

/** Who an operator at this machine is, for the record. A `USER` that is empty, or no name at all, names nobody. */
export function operator(user = process.env.USER): Actor {
  const named: Actor = { type: 'operator', id: user?.trim() ?? '' };
  return isActor(named) ? named : { type: 'operator', id: 'operator' };
}

/** Opens an account with its first account admin. Every step is repeatable: opening again completes what is missing. */
export async function openAccount(bus: OperatorBus, wish: AccountWish): Promise<OperatorAnswer> {
  const { account, name, features, adminUsername } = wish;
  const user = userIdFor(adminUsername);
  const steps: Command[] = [
    { type: 'openAccount', name, features },
    { type: 'registerUser', user, username: adminUsername, name: adminUsername },
    { type: 'assignUsers', role: ACCOUNT_ADMIN, userIds: [user] },
  ];
  let answer: OperatorAnswer | undefined;
  for (const command of steps) {
    [answer] = await bus.executeAll([{ command, context: operatorContext(account) }]);
    if (!answer?.accepted) break;
  }
  if (!answer) throw new Error('The account was not opened.');
  return answer;
}

export const operatorContext = (account: string, reason?: string): CommandContext => ({
  account,
  actor: operator(),
  requestId: v4(),
  ...(reason ? { reason } : {}),
});
