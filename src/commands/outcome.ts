import type { Position } from '../event-store/port/event-store';
import type { Actor } from '../domain/vocabulary';
import type { Batch } from './batch/batch';
import { REFUSAL_CODES, type Refusal, type RefusalCode } from '../domain/refusal';

/** The actor of a command, its account, and the key by which a repeat is recognised. */
export interface CommandContext {
  readonly account: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly causationId?: string;
  /** The same key with the same input returns the first outcome and writes nothing. */
  readonly idempotencyKey?: string | null;
  /** Free text for the record, up to 200 characters and 300 bytes of UTF-8. */
  readonly reason?: string | null;
  /** For commands on a role: refuse unless it has this version. */
  readonly expectedVersion?: number;
  /**
   * Ordinal of the moment that the change was previewed as of: refuse where anything that the preview rests on has
   * changed since.
   */
  readonly expectedBasis?: number;
  /** Operators only: memberships are brought back as they were, so inactive users may join. */
  readonly restoring?: boolean;
  /** The commands of one mutation that this one is decided with. */
  readonly batch?: Batch;
}

/** The stream that the command was decided on. */
export interface CommandOwner {
  readonly kind: 'role' | 'user' | 'account';
  readonly id: string;
}

/** A refusal as the sender of a command reads it. */
export interface InputRefusal extends Omit<Refusal, 'subject'> {
  /** Path in the input, e.g. `['grants', '2', 'permission']`; left out if the refusal is about the whole command. */
  readonly field?: readonly string[];
  /** A subject that was not converted to a path is an internal fault. */
  readonly subject?: never;
}

/** A refusal of an input that no rule has seen. `message` left out: the code's own. */
export const inputRefusal = (
  code: RefusalCode,
  details: Pick<Partial<InputRefusal>, 'field' | 'message' | 'idsOf' | 'ids'> = {},
): InputRefusal => ({ code, message: REFUSAL_CODES[code], ...details });

/** A command that was carried out, or that found nothing to change. */
export interface Accepted {
  readonly accepted: true;
  readonly owner: CommandOwner;
  /** Position of the last event written; of a no-op, of the last event that it was decided on. */
  readonly position: Position | null;
  /** Number of events written by this very call; 0 for a no-op, a repeated key or a dry run. */
  readonly written: number;
  /** Number of events that a dry run would have written; left out otherwise. */
  readonly wouldWrite?: number;
  /** Id of the API key that was created or revoked; left out otherwise. */
  readonly apiKey?: string;
}

interface Refused<Why> {
  readonly accepted: false;
  readonly refusals: readonly Why[];
  readonly position: Position | null;
}

/** Outcome of a command, for its sender. */
export type CommandOutcome = Accepted | Refused<InputRefusal>;

/** Outcome of a command inside this room: the subjects of its refusals are in the terms of the rules. */
export type HandlerOutcome = Accepted | Refused<Refusal>;

export type CommandErrorCode =
  /** The actor lacks the right. */
  | 'FORBIDDEN'
  /** Too many concurrent changes of the same thing. Try again. */
  | 'CONTENTION'
  /** The log cannot be reached, or the outcome is not known yet; no acknowledged change is lost. */
  | 'LOG_UNAVAILABLE'
  /** The local tables lag too far behind the log to decide on. */
  | 'STALE_REPLICA'
  /** The log holds an event that cannot be applied; an operator has to declare it void (`rolebook log void`). */
  | 'LOG_POISONED'
  /** The log holds an event that this program is too old for; an operator has to upgrade this replica. */
  | 'LOG_NEWER'
  /** The change needs an event that a replica of an earlier release cannot read yet. Try again when all are upgraded. */
  | 'UPGRADE_INCOMPLETE'
  /** The log holds names in clear (format 1), and takes no changes; an operator copies it into one that encrypts them. */
  | 'LOG_FORMAT_1'
  /** A damaged part of the key book is needed; an operator brings it back from a copy. The message says what was written. */
  | 'KEY_BOOK_CORRUPT'
  /** The key book cannot be used with the master keys, rights or space that there are; the message names its own code. */
  | 'KEY_BOOK_UNUSABLE'
  /** This machine’s clock is too far off. */
  | 'CLOCK_SKEW';

/** Reason why a command could not be decided at all. Expected refusals are outcomes, not errors. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: CommandErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
