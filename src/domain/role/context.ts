import type { Catalogue, DefaultRole } from '../catalogue/catalogue';
import type { UserStatus } from '../user/user';

/** Facts that a decision about a role needs besides the role’s own stream. */
export interface RoleContext {
  /** Id of the role; of a default role its key. */
  readonly role: string;
  /** Set for a default role. */
  readonly defaultRole: DefaultRole | null;
  readonly catalogue: Catalogue;
  /** Features that the account has enabled. */
  readonly enabledFeatures: ReadonlySet<string>;
  /** Status of a user of the account; undefined if it has no such user. */
  readonly userStatus: (user: string) => UserStatus | undefined;
  /** True for a service user of the account. No user changes kind, so that whoever is known is known rightly. */
  readonly isService: (user: string) => boolean;
  /** True if inactive users may join, as when an operator restores memberships as they were. */
  readonly inactiveMayJoin?: boolean;
  /** True if the actor may give a privileged permission, and so take it away: it is granted to them, or they are an operator. */
  readonly mayGive: (permission: string) => boolean;
}

/** Limit of users and grants that change in one mutation. */
export const MAX_CHANGES = 1_000;
