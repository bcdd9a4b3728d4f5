import type { Position } from '../event-store/event-store';
import type { Actor } from '../domain/vocabulary';
import type { Refusal } from '../domain/refusal';

/** Every change that can be asked for. One way in for all: GraphQL, the command line and the demo send these. */

export interface GrantInput {
  readonly permission: string;
  /** Left out: all related scopes, or, where the permission is granted already, the scopes it has. `null`: none. */
  readonly scopes?: readonly string[] | null;
}

/** `undefined` leaves a thing as it is, `null` clears it. */
export type Command =
  | {
      readonly type: 'createRole';
      readonly name: string;
      readonly description?: string | null;
      readonly grants?: readonly GrantInput[] | null;
      readonly userIds?: readonly string[] | null;
    }
  | {
      readonly type: 'updateRole';
      readonly role: string;
      readonly name?: string | null;
      readonly description?: string | null;
      /** The form's whole set; retired grants are left alone. */
      readonly grants?: readonly GrantInput[] | null;
      readonly assignUserIds?: readonly string[] | null;
      readonly unassignUserIds?: readonly string[] | null;
    }
  | {
      readonly type: 'duplicateRole';
      readonly role: string;
      readonly name?: string | null;
      readonly withUsers?: boolean | null;
    }
  | { readonly type: 'deleteRole'; readonly role: string }
  | { readonly type: 'grantPermissions'; readonly role: string; readonly grants: readonly GrantInput[] }
  | { readonly type: 'revokePermissions'; readonly role: string; readonly permissions: readonly string[] }
  | {
      readonly type: 'selectSection';
      readonly role: string;
      readonly section: string;
      readonly selected: boolean;
    }
  | {
      readonly type: 'setPermissionScopes';
      readonly role: string;
      readonly permission: string;
      readonly scopes: readonly string[];
    }
  | { readonly type: 'assignUsers'; readonly role: string; readonly userIds: readonly string[] }
  | { readonly type: 'unassignUsers'; readonly role: string; readonly userIds: readonly string[] }
  | {
      readonly type: 'registerUser';
      readonly username: string;
      readonly name?: string | null;
      readonly user?: string | null;
    }
  | {
      readonly type: 'updateUser';
      readonly user: string;
      readonly username?: string | null;
      readonly name?: string | null;
    }
  | { readonly type: 'deactivateUser'; readonly user: string }
  | { readonly type: 'reactivateUser'; readonly user: string }
  /** `at` defaults to now. */
  | { readonly type: 'recordLogin'; readonly user: string; readonly at?: Date | null }
  | { readonly type: 'enableFeature'; readonly feature: string }
  | { readonly type: 'disableFeature'; readonly feature: string }
  /** Operators only. Opening again completes what a death left undone. */
  | { readonly type: 'openAccount'; readonly name: string; readonly features: readonly string[] };

/** Who asks, where, and how to recognise the same wish again. */
export interface CommandContext {
  readonly account: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly causationId?: string;
  /** The same key with the same input returns the first outcome and writes nothing. */
  readonly idempotencyKey?: string | null;
  /** Free text for the record, up to 200 characters. */
  readonly reason?: string | null;
  /** For commands on a role: refuse unless it has this version. */
  readonly expectedVersion?: number | null;
  /** Operators only: memberships are brought back as they were, so inactive users may join; not the account admins. */
  readonly restoring?: boolean;
}

/** The stream that the command was decided on. */
export interface CommandOwner {
  readonly kind: 'role' | 'user' | 'account';
  readonly id: string;
}

export type CommandOutcome =
  | {
      readonly accepted: true;
      readonly owner: CommandOwner;
      /** Position of the last event written; of a no-op, of the last event that it was decided on. */
      readonly position: Position | null;
      /** Number of events written by this very call; 0 for a no-op or a repeated key. */
      readonly written: number;
    }
  | { readonly accepted: false; readonly refusals: readonly Refusal[]; readonly position: Position | null };

export type CommandErrorCode =
  /** The actor lacks the right. */
  | 'FORBIDDEN'
  /** Too many others changed the same thing at once. Try again. */
  | 'CONTENTION'
  /** The log cannot be reached, or its outcome is not known yet; nothing that was acknowledged is lost. */
  | 'LOG_UNAVAILABLE'
  /** The local tables lag too far behind the log to decide on. */
  | 'STALE_REPLICA'
  /** This machine’s clock is too far off. */
  | 'CLOCK_SKEW';

/** Why a command could not be decided at all. Expected refusals are outcomes, not errors. */
export class CommandError extends Error {
  constructor(
    readonly code: CommandErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CommandError';
  }
}

/** The one way in for every change. */
export interface CommandBus {
  /** @throws CommandError */
  execute(command: Command, context: CommandContext): Promise<CommandOutcome>;
}
