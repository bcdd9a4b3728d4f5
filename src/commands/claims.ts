import type { ClaimEvent, ClaimKind } from '../domain/claim/events';
import type { Refusal } from '../domain/refusal';
import { EventStoreError, type Position } from '../event-store/port/event-store';
import { claimStream } from '../event-store/port/streams';
import type { CommandSession } from './session';
import { claimFold } from './streams/folds';
import { emptyStream, type LoadedStream } from './streams/stream-state';
import type { ClaimState } from '../domain/claim/claim';

/**
 * A claim: a reservation, by which a rule that spans streams is kept without a transaction over them.
 *
 * An owner that wants a name appends `Claimed` to the claim's stream and then its own change to its own stream, at the
 * revision it loaded first. The owner's stream alone decides if it holds the name. A claim whose owner does not hold
 * the name is left by a process that died between the two appends, or is slow; the taker first makes sure that such an
 * attempt fails, by a fence (`ClaimAbandoned`) on the owner's stream under its exact revision, and only then claims.
 *
 * Every attempt appends a new `Claimed`, also over its own claim: otherwise two attempts could rely on one `Claimed`.
 * The whole protocol is run under every schedule, with a crash at every call of the store, in
 * `test/model-checker/protocol.long.test.ts`.
 */
export interface Claim {
  readonly kind: ClaimKind;
  /** Id of the claim stream. */
  readonly id: string;
  /** The role or user that owns the stream on which the command is decided. */
  readonly owner: string;
  /** For role conflicts, the users about to be assigned. */
  readonly users: readonly string[];
}

/** Check that another owner holds the claimed name or user, as refusals; none if it does not. */
export type HolderCheck<State> = (other: string, state: State) => readonly Refusal[];

export type ClaimResult = 'taken' | 'conflict' | ClaimsRefused;

export interface ClaimsRefused {
  readonly refusals: readonly Refusal[];
  /** True if the command had taken other claims before, for which its owner may have been fenced off since. */
  readonly afterOthers?: boolean;
}

/** Time that a taker gives a slow owner before fencing it. Safety needs no wait, progress does. */
const GRACE_MS = 100;

/**
 * Takes a claim on a name: refused if its holder has the name, after fencing off a holder that does not. A dry run takes and
 * fences nothing.
 */
async function takeName<State>(
  session: CommandSession,
  claim: Claim,
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  if (session.isDryRun) return couldTake(session, claim, bears);
  // Most names were never claimed. An append at "no stream" is the check and the claim in one: if it succeeds, a load
  // before it would have found nothing, and if it fails, nothing was written.
  if ((await append(session, unclaimed(session, claim.id), 'Claimed', claim)) === 'taken') return 'taken';
  const loaded = await session.loadClaim(claim.id);
  const { holder } = loaded.state;
  if (holder !== null && holder !== claim.owner) {
    const cleared = await fence(session, claim, holder, bears);
    if (cleared !== 'taken') return cleared;
  }
  return append(session, loaded, 'Claimed', claim);
}

/** Looks if a claim on a name would be refused as of now. */
async function couldTake<State>(
  session: CommandSession,
  claim: Claim,
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  const { holder } = (await session.loadClaim(claim.id)).state;
  if (holder === null || holder === claim.owner) return 'taken';
  return verdict(bears(holder, (await loadOwner<State>(session, claim.kind, holder)).state));
}

/** Takes all claims on a name, in their order; the first that is refused refuses the name. */
export async function takeNames<State>(
  session: CommandSession,
  claims: readonly Claim[],
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  for (const claim of claims) {
    const taken = await takeName(session, claim, bears);
    if (taken !== 'taken') return taken;
  }
  return 'taken';
}

/** Looks if a claim on a name would be refused as of now, and writes nothing. */
export async function couldTakeNames<State>(
  session: CommandSession,
  claims: readonly Claim[],
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  for (const claim of claims) {
    const found = await couldTake(session, claim, bears);
    if (found !== 'taken') return found;
  }
  return 'taken';
}

/** Claims on the old name that are not on the new name. */
export const claimsGivenUp = (before: readonly Claim[], after: readonly Claim[]): readonly Claim[] =>
  before.filter(({ id }) => after.every((claim) => claim.id !== id));

/**
 * Takes a claim on users for one of two conflicting roles. The other role is read after the claim, and fenced where
 * it claimed one of the users and does not have them. A dry run takes and fences nothing: what others hold decides.
 */
export async function takeUsers<State>(
  session: CommandSession,
  claim: Claim,
  other: string,
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  const loaded = await session.loadClaim(claim.id);
  const pending = !session.isDryRun && claim.users.some((user) => loaded.state.byUser.get(user) === other);
  const cleared = pending
    ? await fence(session, claim, other, bears)
    : verdict(bears(other, (await loadOwner<State>(session, claim.kind, other)).state));
  return cleared === 'taken' && !session.isDryRun ? append(session, loaded, 'Claimed', claim) : cleared;
}

/**
 * Releases a claim at the revision seen before the owner's change. The release is dropped on a conflict, and if the log
 * fails: a taker will fence, and the change is recorded anyway.
 *
 * `changedAt`: position of the change in the log. The seen claim may be newer if the change was recorded long ago, by
 * the same command under the same key on another replica: the owner may have taken the name again since, by that claim.
 */
export async function release(
  session: CommandSession,
  claim: Claim,
  seen: LoadedStream<ClaimState>,
  changedAt: Position | null,
): Promise<void> {
  if (seen.state.holder !== claim.owner) return;
  if (seen.position === null || changedAt === null || seen.position > changedAt) return;
  await append(session, seen, 'Released', claim).catch((error: unknown) => {
    if (!(error instanceof EventStoreError)) throw error;
  });
}

async function fence<State>(
  session: CommandSession,
  claim: Claim,
  holder: string,
  bears: HolderCheck<State>,
): Promise<ClaimResult> {
  const first = await loadOwner<State>(session, claim.kind, holder);
  const borne = bears(holder, first.state);
  if (borne.length > 0) return { refusals: borne };
  await session.tools.pause(GRACE_MS);
  const owner = await loadOwner<State>(session, claim.kind, holder);
  const borneNow = bears(holder, owner.state);
  if (borneNow.length > 0) return { refusals: borneNow };
  const result = await session.appendOther(owner, { type: 'ClaimAbandoned', data: { claim: claim.id } });
  return result.outcome === 'appended' ? 'taken' : 'conflict';
}

const verdict = (borne: readonly Refusal[]): ClaimResult =>
  borne.length > 0 ? { refusals: borne } : 'taken';

/** The claim as a load returns it if it does not exist. */
const unclaimed = (session: CommandSession, id: string): LoadedStream<ClaimState> =>
  emptyStream(claimStream(session.context.account, id), claimFold);

function loadOwner<State>(
  session: CommandSession,
  kind: ClaimKind,
  owner: string,
): Promise<LoadedStream<State>> {
  const loaded: Promise<LoadedStream<unknown>> =
    kind === 'ROLE_NAME' || kind === 'ROLE_CONFLICT' ? session.loadRole(owner) : session.loadUser(owner);
  return loaded as Promise<LoadedStream<State>>;
}

async function append(
  session: CommandSession,
  to: LoadedStream<ClaimState>,
  type: ClaimEvent['type'],
  { kind, owner, users }: Claim,
): Promise<'taken' | 'conflict'> {
  const result = await session.appendOther(to, { type, data: { kind, owner, users } });
  return result.outcome === 'appended' ? 'taken' : 'conflict';
}
