import { record, refusedByOthers, type Attempt } from './attempt';
import { beforeRelease, release, type Claim, type Taken } from './claims';
import type { CommandOwner } from './command';
import type { CommandSession } from './session';
import type { Loaded } from './streams/loaded';

/** What a change needs besides its owner's stream. */
export interface Claims {
  /** Takes the claims that the change rests on. */
  readonly take: () => Promise<Taken>;
  /** The claims on a name that the owner will not bear any more. */
  readonly givenUp: readonly Claim[];
  /** Reads the owner's stream again. */
  readonly reload: () => Promise<Loaded<unknown>>;
}

/** Takes the claims that the events need, appends them to their owner, and gives up the claims that they end. */
export async function recordUnderClaims(
  session: CommandSession,
  owner: CommandOwner,
  loaded: Loaded<unknown>,
  events: readonly { readonly type: string; readonly data: object }[],
  { take, givenUp, reload }: Claims,
): Promise<Attempt> {
  const taken = await take();
  if (taken === 'conflict') return 'conflict';
  if (taken !== 'taken') return refusedByOthers(session, loaded, taken.refusals, reload);
  const seen = await Promise.all(givenUp.map(({ id }) => beforeRelease(session, id)));
  const outcome = await record(session, owner, loaded, events);
  if (outcome === 'conflict' || !outcome.accepted) return outcome;
  for (const [index, claim] of givenUp.entries())
    await release(session, claim, seen[index]!, outcome.position);
  return outcome;
}
