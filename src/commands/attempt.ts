import type { Refusal } from '../domain/refusal';
import { EventStoreError, type Position } from '../event-store/port/event-store';
import { refusal } from '../domain/refusal';
import { CommandError, type CommandOutcome, type CommandOwner } from './command';
import type { CommandSession } from './session';
import type { KeyedCommand, Loaded } from './streams/loaded';

/** What one attempt at a command came to: an outcome, or a conflict after which all starts again at the load. */
export type Attempt = CommandOutcome | 'conflict';

/** A conflict, and what the next attempt is to know of this one. Nothing else outlives an attempt. */
export interface Again<Carried> {
  readonly again: Carried;
}

/** So many conflicts in a row mean that too many want the same thing at once. */
const MAX_ATTEMPTS = 60;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

/** Repeats an attempt until it is decided, with growing random pauses, so that contenders get out of step. */
export async function untilDecided<Carried = null>(
  session: CommandSession,
  first: Carried,
  attempt: (carried: Carried) => Promise<Attempt | Again<Carried>>,
): Promise<CommandOutcome> {
  let carried = first;
  for (let n = 1; n <= MAX_ATTEMPTS; n += 1) {
    const result = await attempt(carried);
    if (result !== 'conflict' && !('again' in result)) return result;
    if (result !== 'conflict') carried = result.again;
    session.tools.onRetry?.('conflict', carried);
    await session.tools.pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n));
  }
  throw new CommandError(
    'CONTENTION',
    `Too many changes of the same thing at once; ${session.leftBehind}. Try again.`,
  );
}

export const refused = (refusals: readonly Refusal[], decidedOn: Loaded<unknown>): CommandOutcome => ({
  accepted: false,
  refusals,
  position: decidedOn.position,
});

/**
 * A refusal that rests on other streams than the command's own: others' names, memberships, admins. Under a key, the
 * same command may have been recorded elsewhere since its own stream was read, and what refuses it now come after.
 */
export async function refusedByOthers(
  session: CommandSession,
  own: Loaded<unknown>,
  refusals: readonly Refusal[],
  reload: () => Promise<Loaded<unknown>>,
): Promise<Attempt> {
  if (session.identity.keyed && (await reload()).revision !== own.revision) return 'conflict';
  return refused(refusals, own);
}

export const done = (owner: CommandOwner, position: Position | null, written: number): CommandOutcome => ({
  accepted: true,
  owner,
  position,
  written,
});

/**
 * The outcome of an earlier command with the same idempotency key, if its owner's stream has one.
 * Looked up before any claim. Refusals and no-ops are not outcomes: they are decided again.
 */
export function earlierOutcome(
  session: CommandSession,
  owner: CommandOwner,
  loaded: Loaded<unknown>,
): CommandOutcome | null {
  if (!session.identity.keyed) return null;
  if (!loaded.commands.has(session.identity.commandId)) return null;
  const own = ownEntry(session, loaded);
  if (own) return done(owner, own.position, 0);
  return refused([refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] })], loaded);
}

/** The last event on a stream that this very command wrote under its key; a key may also serve another user or role. */
export function ownEntry({ identity }: CommandSession, loaded: Loaded<unknown>): KeyedCommand | null {
  const entry = identity.keyed ? loaded.commands.get(identity.commandId) : undefined;
  return entry?.inputHash === identity.inputHash ? entry : null;
}

/** Appends a decision to its owner; a decision too large for one append is refused. No events: it already holds. */
export async function record(
  session: CommandSession,
  owner: CommandOwner,
  loaded: Loaded<unknown>,
  events: readonly { readonly type: string; readonly data: object }[],
): Promise<Attempt> {
  if (events.length === 0) return done(owner, loaded.position, 0);
  try {
    const result = await session.appendOwn(loaded, events);
    return result.outcome === 'conflict' ? 'conflict' : done(owner, result.position, events.length);
  } catch (error) {
    if (!(error instanceof EventStoreError && error.code === 'TOO_LARGE')) throw error;
    const message = `Too large for one mutation: of its ${events.length} events ${session.fitting(events)} fit.`;
    return refused([refusal('TOO_MANY', { message })], loaded);
  }
}
