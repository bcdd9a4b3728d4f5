import { decideBar } from '../../domain/role/membership';
import { decideDeactivate, decideReactivate } from '../../domain/user/user';
import { ACCOUNT_ADMIN, isSameActor } from '../../domain/vocabulary';
import type { Position } from '../../event-store/port/event-store';
import type { DeactivateUser, ReactivateUser } from '../inputs';
import type { Accepted, CommandOwner, HandlerOutcome } from '../outcome';
import type { CommandSession } from '../session';
import { done, earlierOutcome, ownEntry, record, refused, retryOnConflict } from '../transact';
import { activityEscalations } from './user';

/**
 * Deactivation and reactivation: changes of two streams, the user's and that of `account-admin`, each in an order of
 * its own. The order is proved in `test/model-checker`; `transact` has another.
 */

/**
 * Deactivation: first a bar on `account-admin`, under whose one revision the last admin is decided, then the user. The
 * bar is rewritten on every attempt, so that a reactivation which read an earlier one cannot lift it. A crash between
 * the two leaves a barred, active user; a repeat of either command completes it.
 *
 * `account-admin` is read before the user: if the same command, under the same key, was recorded elsewhere in between,
 * the bar fails, and does not hit a user who was reactivated since.
 */
export function deactivateUser(session: CommandSession, { user }: DeactivateUser): Promise<HandlerOutcome> {
  const owner: CommandOwner = { kind: 'user', id: user };
  const { actor } = session.context;
  return retryOnConflict(session, null, async () => {
    const admins = await session.loadRole(ACCOUNT_ADMIN);
    const loaded = await session.loadUser(owner.id);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const byThemselves = isSameActor(actor, { type: 'user', id: owner.id });
    const decision = decideDeactivate({ user, byThemselves }, loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    if (decision.events.length === 0) return done(owner, loaded.position, 0);
    const bar = decideBar({ user }, admins.state);
    const refusals = [...activityEscalations(session, admins.state, owner.id), ...bar.refusals];
    if (refusals.length > 0) return refused(refusals, admins);
    for (const event of session.isDryRun ? [] : bar.events) {
      if ((await session.appendOther(admins, event)).outcome === 'conflict') return 'conflict';
    }
    return record(session, owner, loaded, decision.events);
  });
}

/**
 * Reactivation: the user first, then the bar is lifted at the revision of `account-admin` that was read before the user
 * was. An active and barred user is half deactivated: a fence makes sure that the other half fails. Once the user is
 * recorded as active, further attempts only handle the bar: any later deactivation came after.
 */
export function reactivateUser(session: CommandSession, { user }: ReactivateUser): Promise<HandlerOutcome> {
  const owner: CommandOwner = { kind: 'user', id: user };
  // eslint-disable-next-line complexity -- the order of its steps is what the model checker proved: kept in one piece
  return retryOnConflict<Accepted | null>(session, null, async (recordedBefore) => {
    let recorded = recordedBefore;
    const admins = await session.loadRole(ACCOUNT_ADMIN);
    const loaded = await session.loadUser(owner.id);
    const barred = admins.state.barred.has(owner.id);
    const earlier = recorded ?? earlierOutcome(session, owner, loaded);
    if (earlier && !earlier.accepted) return earlier;
    if (earlier) {
      // Under a key, its last event lifts the bar: once that is recorded, a bar belongs to a later deactivation.
      const lifted = ownEntry(session, admins)?.position;
      if (lifted || !loaded.state.active || !barred)
        return { ...earlier, position: later(earlier.position, lifted) };
    }
    const decision = decideReactivate({ user }, loaded.state);
    if (!decision.accepted) return refused(decision.refusals, loaded);
    if (recorded === null && (decision.events.length > 0 || barred)) {
      const refusals = activityEscalations(session, admins.state, owner.id);
      if (refusals.length > 0) return refused(refusals, admins);
    }
    if (session.isDryRun)
      return { ...done(owner, loaded.position, 0), wouldWrite: decision.events.length + (barred ? 1 : 0) };
    if (decision.events.length > 0) {
      const outcome = await record(session, owner, loaded, decision.events);
      if (outcome === 'conflict' || !outcome.accepted) return outcome;
      recorded = outcome;
      // Inactive and not barred: a deactivation came between the two reads. The bar is recorded by now.
      if (!barred) return { again: recorded };
    } else if (barred) {
      const data = { claim: ACCOUNT_ADMIN };
      const fence = await session.appendOther(loaded, { type: 'ClaimAbandoned', data });
      if (fence.outcome === 'conflict') return 'conflict';
    } else return done(owner, later(loaded.position, admins.position), 0);
    const data = { role: ACCOUNT_ADMIN, user: owner.id };
    const lifted = await session.appendOther(admins, { type: 'UserUnbarred', data });
    if (lifted.outcome === 'conflict') return { again: recorded };
    return done(owner, lifted.position, (recorded?.written ?? 0) + 1);
  });
}

const later = (a: Position | null, b: Position | null | undefined): Position | null =>
  b == null || (a !== null && a > b) ? a : b;
