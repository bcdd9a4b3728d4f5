import type { RoleEvent } from '../src/domain/role/events';
import type { Actor } from '../src/domain/vocabulary';

/** A change of a role that was decided, and not recorded. */
export interface UnrecordedChange {
  /** Id of the role. */
  readonly role: string;
  readonly events: readonly RoleEvent[];
  readonly by: Actor;
}

/** Users of a role that would be changed: all whom it would have, or those who would join or leave it. */
export type PreviewedUsers = 'ALL' | 'JOINING' | 'LEAVING';
