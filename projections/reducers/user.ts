import { sortKey } from '../../src/domain/text';
import type { UserEvent } from '../../src/domain/user/events';
import type { CheckedEvent } from '../projector/checked-event';
import { OPEN } from '../tables/schema';
import { searchText } from '../tables/user-search-index';
import type { Ordinal } from '../view';
import type { TableWriter } from '../tables/table-writer';

/** Users: what they are called, whether they are active, when they last signed in. */

interface UserFact {
  readonly n: number;
  readonly valid_from: Ordinal;
  readonly active: number;
  readonly username: string;
  readonly name: string;
}

export function reduceUser(
  writing: TableWriter,
  logged: CheckedEvent,
  account: number,
  event: UserEvent,
): void {
  const { ordinal } = logged;
  const { user } = event.data;
  // Who begins a stream is new; looking for a million of them costs seconds.
  const begins = event.type === 'UserRegistered' && logged.revision === 0;
  const known = begins ? undefined : writing.user(account, user);
  if (known === undefined) {
    if (event.type !== 'UserRegistered') throw logged.poison(`user ${user} was never registered`);
    const n = writing.addUser(account, user);
    const text = addFact(writing, account, n, ordinal, { active: 1, ...event.data });
    writing.toIndex(account, n, text);
    writing.counts.account(account, ordinal).active += 1;
    return;
  }
  const fact = currentFact(writing, account, known);
  switch (event.type) {
    case 'UserRegistered':
      return;
    case 'UserProfileChanged':
      replaceFact(writing, account, fact, ordinal, { active: fact.active, ...event.data.to });
      writing.toIndex(account, known, null);
      return;
    case 'UserDeactivated':
    case 'UserReactivated': {
      const active = event.type === 'UserReactivated' ? 1 : 0;
      if (fact.active === active) return;
      replaceFact(writing, account, fact, ordinal, { active, username: fact.username, name: fact.name });
      const count = writing.counts.account(account, ordinal);
      count.active += active ? 1 : -1;
      count.inactive += active ? -1 : 1;
      return;
    }
    case 'UserLoggedIn':
      writing.sql.run(
        `INSERT INTO user_login (account, n, at) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
        account,
        known,
        Date.parse(event.data.at),
      );
  }
}

interface Profile {
  readonly active: number;
  readonly username: string;
  readonly name: string;
}

function replaceFact(
  writing: TableWriter,
  account: number,
  old: UserFact,
  ordinal: Ordinal,
  next: Profile,
): void {
  writing.sql.run(
    'UPDATE user_fact SET valid_to = ? WHERE account = ? AND n = ? AND valid_from = ?',
    ordinal,
    account,
    old.n,
    old.valid_from,
  );
  addFact(writing, account, old.n, ordinal, next);
}

/** Returns what is searched of the user. */
function addFact(
  { userFacts }: TableWriter,
  account: number,
  n: number,
  ordinal: Ordinal,
  fact: Profile,
): string {
  const { active, username, name } = fact;
  const keys = [sortKey(username), sortKey(name)] as const;
  const text = searchText(username, name);
  userFacts.add(account, n, ordinal, OPEN, active, username, name, ...keys, text);
  return text;
}

/** A user who has a number has a fact. */
function currentFact({ sql, userFacts }: TableWriter, account: number, n: number): UserFact {
  userFacts.flush();
  return sql.get<UserFact>(
    `SELECT n, valid_from, active, username, name FROM user_fact
     WHERE account = ? AND n = ? ORDER BY valid_from DESC LIMIT 1`,
    account,
    n,
  )!;
}
