import type { ReadProfile, ReadUserEvent } from '../../src/domain/user/events';
import type { AccountNumber } from '../numbers';
import type { UserChange } from '../tables/account-at';
import { eraseNames } from '../tables/erasure';
import { dropIdentities, linkIdentity, unlinkIdentity } from '../tables/identities';
import { endMemberships } from '../tables/memberships';
import type { Flag } from '../tables/rows';
import type { TableWriter } from '../tables/table-writer';
import { addUserFact, currentUserFact, recordLogin, replaceUserFact, type UserFact } from '../tables/users';
import { unreachable, type CheckedEvent } from './checked-event';

/** Users: their names, external ids and identities, whether they are active, and their last sign-in. */

const ERASED = 2;

type Profile = Pick<UserFact, 'username' | 'name' | 'external_id'>;
type Registered = Extract<ReadUserEvent, { type: 'UserRegistered' }>;

export function reduceUser(
  writing: TableWriter,
  logged: CheckedEvent,
  account: AccountNumber,
  event: ReadUserEvent,
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
  if (fact.active === ERASED) return;
  switch (event.type) {
    case 'UserRegistered':
      return;
    case 'UserProfileChanged':
      replaceUserFact(writing, change, fact, { active: fact.active, ...profileIn(event.data.to) });
      return writing.toIndex(change, null);
    case 'UserDeactivated':
      return setActive(writing, change, fact, 0);
    case 'UserReactivated':
      return setActive(writing, change, fact, 1);
    case 'UserLoggedIn':
      return recordLogin(writing, change, fact, Date.parse(event.data.at));
    case 'UserErased':
      return erase(writing, change, fact);
    case 'UsernameReleased':
      return;
    case 'UserIdentityLinked':
      return linkIdentity(writing, change, event.data);
    case 'UserIdentityUnlinked':
      return unlinkIdentity(writing, change, event.data.identityClaim);
    default:
      return unreachable(event);
  }
}

function register(writing: TableWriter, change: UserChange, { data }: Registered): void {
  const text = addUserFact(writing, change, { active: 1, ...profileIn(data) });
  writing.toIndex(change, text);
  writing.counts.account(change).active += 1;
}

function setActive(writing: TableWriter, change: UserChange, fact: UserFact, active: Flag): void {
  if (fact.active === active) return;
  const { username, name, external_id } = fact;
  replaceUserFact(writing, change, fact, { active, username, name, external_id });
  const count = writing.counts.account(change);
  count.active += active ? 1 : -1;
  count.inactive += active ? -1 : 1;
}

const NOTHING_READ = { username: null, name: null, external_id: null };

/** Everything personal of a user is read under one key: all can be, or nothing. */
const profileIn = ({ username, name, externalId }: ReadProfile): Profile =>
  username === null || name === null || externalId === null
    ? NOTHING_READ
    : { username, name, external_id: externalId ?? null };

/**
 * Takes the names, external ids and identities of a user out of every fact, past ones too, and ends the roles. Rows of an
 * event that could not be read any more are the same: a rebuild makes no others.
 */
function erase(writing: TableWriter, change: UserChange, fact: UserFact): void {
  writing.forget(change, eraseNames(writing, change));
  dropIdentities(writing, change);
  replaceUserFact(writing, change, fact, { active: ERASED, ...NOTHING_READ });
  endMemberships(writing, change);
  const count = writing.counts.account(change);
  if (fact.active) count.active -= 1;
  else count.inactive -= 1;
  count.erased += 1;
}
