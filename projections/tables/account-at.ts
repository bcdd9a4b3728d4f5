import type { AccountNumber, Ordinal, RoleNumber, UserNumber } from '../numbers';
import type { Sql } from './sqlite/sql';

/** Addresses in the tables: where rows are read, and what an event changes. */

/** One account at one ordinal: what most reads are about. */
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
