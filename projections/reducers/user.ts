import type { UserEvent } from '../../src/domain/user/events';
import type { AccountNumber } from '../numbers';
import type { UserChange } from '../tables/account-at';
import type { TableWriter } from '../tables/table-writer';
import { addUserFact, currentUserFact, recordLogin, replaceUserFact, type UserFact } from '../tables/users';
import { unreachable, type CheckedEvent } from './checked-event';

/** Users: their names, whether they are active, and their last sign-in. */

type Registered = Extract<UserEvent, { type: 'UserRegistered' }>;

export function reduceUser(
  writing: TableWriter,
  logged: CheckedEvent,
  account: AccountNumber,
  event: UserEvent,
): void {
  const { ordinal } = logged;
  const { user: id } = event.data;
  // The user of a stream's first event is new; lookups of a million such users would cost seconds.
  const begins = event.type === 'UserRegistered' && logged.revision === 0;
  const user = begins ? undefined : writing.user(account, id);
  if (user === undefined) {
    if (event.type !== 'UserRegistered') throw logged.poison(`user ${id} was never registered`);
    return register(writing, { account, user: writing.addUser(account, id), ordinal }, event);
  }
  const change = { account, user, ordinal };
  const fact = currentUserFact(writing, account, user);
  switch (event.type) {
    case 'UserRegistered':
      return;
    case 'UserProfileChanged':
      replaceUserFact(writing, change, fact, { active: fact.active, ...event.data.to });
      return writing.toIndex(change, null);
    case 'UserDeactivated':
      return setActive(writing, change, fact, 0);
    case 'UserReactivated':
      return setActive(writing, change, fact, 1);
    case 'UserLoggedIn':
      return recordLogin(writing, change, Date.parse(event.data.at));
    default:
      return unreachable(event);
  }
}

function register(writing: TableWriter, change: UserChange, { data }: Registered): void {
  const text = addUserFact(writing, change, { active: 1, ...data });
  writing.toIndex(change, text);
  writing.counts.account(change).active += 1;
}

function setActive(
  writing: TableWriter,
  change: UserChange,
  fact: UserFact,
  active: UserFact['active'],
): void {
  if (fact.active === active) return;
  replaceUserFact(writing, change, fact, { active, username: fact.username, name: fact.name });
  const count = writing.counts.account(change);
  count.active += active ? 1 : -1;
  count.inactive += active ? -1 : 1;
}
