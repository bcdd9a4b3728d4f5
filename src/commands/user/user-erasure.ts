import { refusal } from '../../domain/refusal';
import { decideBar } from '../../domain/role/membership';
import { decideErase, decideRelease } from '../../domain/user/user';
import { ACCOUNT_ADMIN, isSameActor } from '../../domain/vocabulary';
import type { EraseUser, ReleaseUsername } from '../inputs';
import type { CommandOwner, HandlerOutcome } from '../outcome';
import { asCommandError, type CommandSession } from '../session';
import { done, earlierOutcome, record, refused, retryOnConflict, transact } from '../transact';
import { activityEscalations } from './user';
import { bears, usernameClaimIds } from './user-claims';

/** Erasure of a user, which is final, and the release of the username and external id that it leaves suppressed. */

/** Progress of an erasure whose keys could not be destroyed, be it the first attempt or a repeat. */
const RECORDED = 'the erasure is recorded, and a repeat destroys the keys that are left';

/**
 * Records the erasure, then destroys the user's keys. A repeat finds the erasure recorded, and destroys the keys again:
 * so it completes one that was cut short between the two.
 */
export async function eraseUser(session: CommandSession, { user }: EraseUser): Promise<HandlerOutcome> {
  const outcome = await recordErasure(session, user);
  if (!outcome.accepted) return outcome;
  try {
    await session.tools.eraseKeys(session.context.account, user);
  } catch (error) {
    throw asCommandError(error, { progress: RECORDED });
  }
  return outcome;
}

/**
 * Two streams, in the order of a deactivation (`user-activity.ts`): first the bar on `account-admin`, under whose one
 * revision the last admin is decided, rewritten on every attempt; then the user. Nothing lifts the bar of an erased user.
 */
function recordErasure(session: CommandSession, user: string): Promise<HandlerOutcome> {
  const owner: CommandOwner = { kind: 'user', id: user };
  const byThemselves = isSameActor(session.context.actor, { type: 'user', id: user });
  return retryOnConflict(session, null, async () => {
    const admins = await session.loadRole(ACCOUNT_ADMIN);
    const loaded = await session.loadUser(user);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision = decideErase({ user, byThemselves }, loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    if (decision.events.length === 0) return done(owner, loaded.position, 0);
    const bar = decideBar({ user }, admins.state);
    const refusals = [...activityEscalations(session, admins.state, user), ...bar.refusals];
    if (refusals.length > 0) return refused(refusals, admins);
    await session.demandWritable(loaded, decision.events);
    for (const event of bar.events) {
      if ((await session.appendOther(admins, event)).outcome === 'conflict') return 'conflict';
    }
    return record(session, owner, loaded, decision.events);
  });
}

/**
 * Ends the suppression of an erased user's username and external id, on that user's stream: whoever has the one again is to
 * have the other. The claims stay with the erased user, who does not bear them any more, until someone takes them.
 */
export async function releaseUsername(
  session: CommandSession,
  { username }: ReleaseUsername,
): Promise<HandlerOutcome> {
  const user = await suppressorOf(session, username);
  if (user === null) {
    const message = 'Nothing suppresses the username: no erased user has it.';
    return {
      accepted: false,
      refusals: [refusal('NOT_FOUND', { message, subject: ['username'] })],
      position: null,
    };
  }
  return transact(session, {
    owner: { kind: 'user', id: user },
    load: () => session.loadUser(user),
    decide: (state) => decideRelease({ user }, state),
  });
}

/** The user who holds the username's claim, and bears it or did so until it was released; null if there is none. */
async function suppressorOf(session: CommandSession, username: string): Promise<string | null> {
  const claims = usernameClaimIds(session, username);
  for (const id of claims) {
    const { holder } = (await session.loadClaim(id)).state;
    if (holder === null) continue;
    const { state } = await session.loadUser(holder);
    if (state.released || bears(session, state, 'USERNAME', claims)) return holder;
  }
  return null;
}
