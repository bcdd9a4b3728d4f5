import type { AccountNumber, Ordinal, RoleNumber, UserNumber } from '../numbers';
import type { Sql } from './sqlite/sql';

/** Addresses in the tables, for reads and for changes by an event. */

/** One account at one ordinal: the subject of most reads. */
export interface AccountAt {
  readonly sql: Sql;
  readonly account: AccountNumber;
  readonly at: Ordinal;
}

/** A change of an account by the event of an ordinal. */
export interface AccountChange {
  readonly account: AccountNumber;
  readonly ordinal: Ordinal;
}

export interface RoleChange extends AccountChange {
  readonly role: RoleNumber;
}

export interface UserChange extends AccountChange {
  readonly user: UserNumber;
}
