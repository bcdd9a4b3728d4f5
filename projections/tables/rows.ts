import type { AccountNumber, Ordinal, RoleNumber, UserNumber, WordNumber } from '../numbers';

/**
 * The rows of every table: one interface each, of which statements `Pick` what they select. A test compares them with the
 * tables that `schema.ts` makes, column by column.
 */

/** A truth in SQLite. */
export type Flag = 0 | 1;

/** A fact holds in [valid_from, valid_to). */
interface Interval {
  readonly valid_from: Ordinal;
  readonly valid_to: Ordinal;
}

export interface MetaRow {
  readonly key: string;
  readonly value: string;
}

export interface MomentRow {
  readonly n: Ordinal;
  /** Bound as BigInt, and read as text: no position becomes a float. */
  readonly position: bigint;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 1 for the end of an append. */
  readonly complete: Flag;
  /** The id of the event. */
  readonly event: Uint8Array;
  /** The account in whose feed it is; `EVERY_ACCOUNT` and `LOG_ITSELF` included. */
  readonly account: AccountNumber;
}

export interface EventPartRow {
  readonly part: number;
  /** The first bytes of the id. */
  readonly id: Uint8Array;
  readonly n: Ordinal;
}

export interface WordRow {
  readonly n: WordNumber;
  readonly text: string;
}

export interface CatalogueStagedRow {
  readonly n: Ordinal;
  readonly publication: string;
  readonly type: string;
  readonly data: string;
}

export interface CatalogueEntryRow extends Interval {
  readonly kind: string;
  readonly key: string;
  /** Index among its kind. */
  readonly sort: number;
  readonly json: string;
}

export interface PublicationRow {
  readonly n: Ordinal;
  readonly version: number;
  readonly content_digest: string;
}

export interface CatalogueChangeRow {
  readonly n: Ordinal;
  /** From 1. */
  readonly part: number;
  readonly type: WordNumber;
  readonly role: WordNumber | null;
  readonly permission: WordNumber | null;
  readonly data: string;
}

export interface CatalogueChangePermissionRow {
  readonly permission: WordNumber;
  readonly n: Ordinal;
  readonly part: number;
}

export interface AccountRow {
  readonly n: AccountNumber;
  readonly id: string;
}

export interface AccountFactRow extends Interval {
  readonly account: AccountNumber;
  readonly name: string;
}

export interface FeatureRow extends Interval {
  readonly account: AccountNumber;
  readonly key: string;
}

/** Status of a user: 1 active, 0 not, 2 erased. */
export type Activity = Flag | 2;

/** Counts of an account's users, by status, and of its custom roles. */
export interface AccountCountRow {
  readonly account: AccountNumber;
  readonly n: Ordinal;
  readonly active: number;
  readonly inactive: number;
  readonly erased: number;
  readonly roles: number;
  readonly deleted: number;
}

export interface UserKeyRow {
  readonly account: AccountNumber;
  readonly n: UserNumber;
  readonly id: string;
  /** 1 for a service user. */
  readonly service: Flag;
}

/** An API key. It may have expired before it ends. */
export interface ApiKeyRow extends Interval {
  readonly account: AccountNumber;
  readonly user: UserNumber;
  readonly id: string;
  /** Null if it cannot be read any more, as of an erased user. */
  readonly name: string | null;
  readonly prefix: string;
  /** SHA-256 of its text, hex. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface UserFactRow extends Interval {
  readonly account: AccountNumber;
  readonly n: UserNumber;
  readonly active: Activity;
  /** Null if it cannot be read any more, as of an erased user; the keys and the searchable text are empty then. */
  readonly username: string | null;
  readonly name: string | null;
  /** Null for none too. */
  readonly external_id: string | null;
  readonly username_key: string;
  readonly name_key: string;
  readonly search: string;
  /** The latest known sign-in, in milliseconds since 1970: in the fact that holds, whatever ordinal is asked for. */
  readonly login: number | null;
}

export interface IdentityRow extends Interval {
  readonly account: AccountNumber;
  readonly user: UserNumber;
  /** Id of the claim on the identity. */
  readonly claim: string;
  readonly issuer: WordNumber;
  /** Null if it cannot be read. */
  readonly subject: string | null;
}

export interface UserErasedRow {
  readonly account: AccountNumber;
  readonly n: UserNumber;
  readonly at: Ordinal;
}

export interface UserRemnantRow {
  readonly account: AccountNumber;
  readonly n: UserNumber;
}

export interface TrigramRow {
  readonly text: string;
}

export interface RoleKeyRow {
  readonly account: AccountNumber;
  readonly n: RoleNumber;
  readonly id: string;
  readonly custom: Flag;
  readonly created: Ordinal;
}

export interface RoleFactRow extends Interval {
  readonly account: AccountNumber;
  readonly n: RoleNumber;
  readonly deleted: Flag;
  readonly name: string;
  readonly name_key: string;
  readonly search_key: string;
  readonly description: string | null;
}

export interface RoleListRow {
  readonly account: AccountNumber;
  readonly role: RoleNumber;
  readonly deleted: Flag;
  readonly name_key: string;
  readonly users: number;
  readonly permissions: number;
  readonly scopes: number;
  /** The ordinal of the last change, that of the name included. */
  readonly changed: Ordinal;
}

/** A fact of a role as queries read it: without its address, and without the columns of indexes. */
export type RoleFact = Omit<RoleFactRow, 'account' | 'n' | 'valid_to' | 'search_key'>;

/** Counts of a role, one row per append that changed it; `n` is the ordinal of the last change. */
export interface RoleCountRow {
  readonly account: AccountNumber;
  readonly role: RoleNumber;
  readonly n: Ordinal;
  readonly users: number;
  readonly permissions: number;
  /** Distinct scopes over the grants. */
  readonly scopes: number;
  readonly version: number;
}

export interface GrantFactRow extends Interval {
  readonly account: AccountNumber;
  readonly role: RoleNumber;
  readonly permission: WordNumber;
  /** A JSON list. */
  readonly scopes: WordNumber;
}

export interface RoleScopeRow {
  readonly account: AccountNumber;
  readonly role: RoleNumber;
  readonly scope: WordNumber;
  readonly grants: number;
}

export interface MembershipRow extends Interval {
  readonly account: AccountNumber;
  readonly role: RoleNumber;
  readonly user: UserNumber;
}

export interface VoidedRow {
  readonly n: Ordinal;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: WordNumber;
  /** Machine of an operator. */
  readonly host: WordNumber | null;
  /** Null where it could not be decrypted. */
  readonly reason: string | null;
  /** Position of the declaration; as in `moment`. */
  readonly position: bigint;
}

export interface HistoryTableRow {
  readonly n: Ordinal;
  readonly account: AccountNumber;
  readonly type: WordNumber;
  /** Milliseconds since 1970, as the writer's clock said. */
  readonly at: number;
  readonly actor: WordNumber;
  /** Machine of an operator. */
  readonly host: WordNumber | null;
  readonly role: RoleNumber | null;
  readonly user: UserNumber | null;
  readonly permission: WordNumber | null;
  readonly command: WordNumber;
  readonly request: string;
  readonly reason: string | null;
  readonly data: string;
}

/** Row by table. The index for searches has none: it is a virtual table. */
export interface Rows {
  readonly meta: MetaRow;
  readonly moment: MomentRow;
  readonly event_part: EventPartRow;
  readonly word: WordRow;
  readonly catalogue_staged: CatalogueStagedRow;
  readonly catalogue_entry: CatalogueEntryRow;
  readonly publication: PublicationRow;
  readonly catalogue_change: CatalogueChangeRow;
  readonly catalogue_change_permission: CatalogueChangePermissionRow;
  readonly account: AccountRow;
  readonly account_fact: AccountFactRow;
  readonly feature: FeatureRow;
  readonly account_count: AccountCountRow;
  readonly user_key: UserKeyRow;
  readonly user_fact: UserFactRow;
  readonly identity: IdentityRow;
  readonly api_key: ApiKeyRow;
  readonly user_erased: UserErasedRow;
  readonly user_remnant: UserRemnantRow;
  readonly trigram: TrigramRow;
  readonly role_key: RoleKeyRow;
  readonly role_fact: RoleFactRow;
  readonly role_list: RoleListRow;
  readonly role_count: RoleCountRow;
  readonly grant_fact: GrantFactRow;
  readonly role_scope: RoleScopeRow;
  readonly membership: MembershipRow;
  readonly voided: VoidedRow;
  readonly history: HistoryTableRow;
}
