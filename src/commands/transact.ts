import type { RoleEvent } from '../domain/role/events';
import { refusal, type Decision, type Refusal } from '../domain/refusal';
import { EventStoreError, type Position } from '../event-store/port/event-store';
import { backoff } from '../shared/backoff';
import { release, type Claim, type ClaimResult, type ClaimsRefused } from './claims';
import { CommandError, type Accepted, type HandlerOutcome, type CommandOwner } from './outcome';
import type { CommandSession, DomainEvent } from './session';
import type { KeyedCommand, LoadedStream } from './streams/stream-state';

/**
 * The protocol of a change: load the owner's stream, look for an earlier outcome under the key, decide, take claims,
 * append at the loaded revision, and restart on a conflict.
 */

/** A change of one stream. */
export interface Transaction<State, Event extends DomainEvent> {
  /** Owner of the stream. */
  readonly owner: CommandOwner;
  readonly load: () => Promise<LoadedStream<State>>;
  /** Tells of a change that was previewed whether anything that the preview rests on has changed since. */
  readonly isStale?: (loaded: LoadedStream<State>) => boolean;
  readonly decide: (state: State) => Ruling<Event> | Promise<Ruling<Event>>;
  /** Claims that the events need or end; null, or left out: none. */
  readonly claims?: (events: readonly Event[], state: State) => Claims | null;
}

/** A decision, and the stream that a refusal depends on if it is not the owner's. */
export type Ruling<Event> = Decision<Event> & { readonly restsOn?: LoadedStream<unknown> };

/** Claims of one change. */
export interface Claims {
  /** Takes the claims that the change depends on. */
  readonly take: () => Promise<ClaimResult>;
  /** Claims on a name that the owner gives up by the change. */
  readonly givenUp: readonly Claim[];
}

/** Result of one attempt: an outcome, or a conflict, after which the command restarts at the load. */
export type Attempt = HandlerOutcome | 'conflict';

/** A conflict, and the knowledge that the next attempt takes over from this one. No other state outlives an attempt. */
export interface Again<Carried> {
  readonly again: Carried;
}

/** Limit of consecutive conflicts: beyond it, contention is too high. */
const MAX_ATTEMPTS = 60;
/** Longest pause after consecutive conflicts, in milliseconds; `CommandTools.pause` draws one up to it. */
const longestPause = backoff({ first: 4, longest: 250 });

/** Carries out a change, and restarts on each conflict. @throws CommandError `CONTENTION`, EventStoreError */
export const transact = <State, Event extends DomainEvent>(
  session: CommandSession,
  transaction: Transaction<State, Event>,
): Promise<HandlerOutcome> => retryOnConflict(session, null, () => attempt(session, transaction));

/** Repeats an attempt until it is decided, with growing random pauses, so that contenders spread out. */
export async function retryOnConflict<Carried = null>(
  session: CommandSession,
  first: Carried,
  attemptWith: (carried: Carried) => Promise<Attempt | Again<Carried>>,
): Promise<HandlerOutcome> {
  let carried = first;
  for (let n = 1; n <= MAX_ATTEMPTS; n += 1) {
    const result = await attemptWith(carried);
    if (result !== 'conflict' && !('again' in result)) return result;
    if (result !== 'conflict') carried = result.again;
    session.tools.onRetry?.('conflict', carried);
    await session.tools.pause(longestPause(n));
  }
  throw new CommandError(
    'CONTENTION',
    `Too many changes of the same thing at once; ${session.progress}. Try again.`,
  );
}

/** Makes one attempt at a change. */
export async function attempt<State, Event extends DomainEvent>(
  session: CommandSession,
  { owner, load, isStale, decide, claims }: Transaction<State, Event>,
): Promise<Attempt> {
  const loaded = await load();
  const earlier = earlierOutcome(session, owner, loaded);
  if (earlier) return earlier;
  // The append below expects this revision: what the stream says of it holds until then.
  if (isStale?.(loaded)) return refused([refusal('PREVIEW_STALE')], loaded);
  const ruling = await decide(loaded.state);
  if (!ruling.accepted) return refused(ruling.refusals, ruling.restsOn ?? loaded);
  const { events } = ruling;
  await session.demandWritable(loaded, events);
  const { take, givenUp } = claims?.(events, loaded.state) ?? NO_CLAIMS;
  const taken = await take();
  if (taken === 'conflict') return 'conflict';
  if (taken !== 'taken') return refusedByOthers(session, loaded, taken, load);
  // Loaded before the change: only the `Claimed` by which the owner holds the name may be released.
  const seen = await Promise.all(givenUp.map(({ id }) => session.loadClaim(id)));
  const outcome = await record(session, owner, loaded, events);
  if (outcome === 'conflict' || !outcome.accepted || session.isDryRun) return outcome;
  for (const [index, claim] of givenUp.entries())
    await release(session, claim, seen[index]!, outcome.position);
  return outcome;
}

const NO_CLAIMS: Claims = { take: async () => 'taken', givenUp: [] };

/**
 * A refusal that depends on other streams than the command's own: others' names, memberships, admins. Under a key, the
 * same command may have been recorded elsewhere since its own stream was read, before the events that now refuse it. And
 * whoever was fenced off after a first claim is refused for that, too, and not for the second alone.
 */
async function refusedByOthers(
  session: CommandSession,
  own: LoadedStream<unknown>,
  { refusals, afterOthers = false }: ClaimsRefused,
  reload: () => Promise<LoadedStream<unknown>>,
): Promise<Attempt> {
  if ((session.identity.keyed || afterOthers) && (await reload()).revision !== own.revision)
    return 'conflict';
  return refused(refusals, own);
}

export const refused = (refusals: readonly Refusal[], decidedOn: LoadedStream<unknown>): HandlerOutcome => ({
  accepted: false,
  refusals,
  position: decidedOn.position,
});

export const done = (owner: CommandOwner, position: Position | null, written: number): Accepted => ({
  accepted: true,
  owner,
  position,
  written,
});

/**
 * The outcome of an earlier command with the same idempotency key, if its owner's stream has one. Looked up before any
 * claim. Refusals and no-ops are not outcomes: they are decided again.
 */
export function earlierOutcome(
  session: CommandSession,
  owner: CommandOwner,
  loaded: LoadedStream<unknown>,
): HandlerOutcome | null {
  if (!session.identity.keyed) return null;
  if (!loaded.commands.has(session.identity.commandId)) return null;
  const own = ownEntry(session, loaded);
  if (own) return done(owner, own.position, 0);
  return refused([refusal('IDEMPOTENCY_KEY_REUSED', { subject: ['idempotencyKey'] })], loaded);
}

/** The last event on a stream that this same command wrote under its key; a key may also serve another user or role. */
export function ownEntry({ identity }: CommandSession, loaded: LoadedStream<unknown>): KeyedCommand | null {
  const entry = identity.keyed ? loaded.commands.get(identity.commandId) : undefined;
  return entry?.inputHash === identity.inputHash ? entry : null;
}

/**
 * Appends a decision to its owner; a decision too large for one append is refused. No events: nothing to change. A dry
 * run appends nothing.
 */
export async function record(
  session: CommandSession,
  owner: CommandOwner,
  loaded: LoadedStream<unknown>,
  events: readonly DomainEvent[],
): Promise<Attempt> {
  if (events.length === 0) return done(owner, loaded.position, 0);
  const { batch } = session.context;
  if (batch?.isDryRun) {
    if (session.fitting(events) < events.length) return tooLarge(session, loaded, events);
    // Events of roles alone are read back.
    batch.rehearse(loaded.stream, events as readonly RoleEvent[]);
    return { ...done(owner, loaded.position, 0), wouldWrite: events.length };
  }
  try {
    const result = await session.appendOwn(loaded, events);
    if (result.outcome === 'conflict') return 'conflict';
    batch?.wrote(loaded.stream, result.position);
    return done(owner, result.position, events.length);
  } catch (error) {
    if (!(error instanceof EventStoreError && error.code === 'TOO_LARGE')) throw error;
    return tooLarge(session, loaded, events);
  }
}

function tooLarge(
  session: CommandSession,
  loaded: LoadedStream<unknown>,
  events: readonly DomainEvent[],
): HandlerOutcome {
  const message = `Too large for one mutation: of its ${events.length} events ${session.fitting(events)} fit.`;
  return refused([refusal('TOO_MANY', { message })], loaded);
}
