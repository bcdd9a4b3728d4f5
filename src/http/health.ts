import type { FastifyInstance } from 'fastify';
import { wayOn, wayPast, type ReadModels } from '../../projections/view';
import { MAX_CLOCK_SKEW_MS } from '../commands/decision-reads';
import type { Config } from '../config/config';
import type { PositionCodec } from '../shared/position-codec';
import { addOpenRoute } from './add-route';
import { ROUTES } from './routes';

export interface HealthSources {
  readonly readModels: Pick<ReadModels, 'status' | 'findPlace'>;
  readonly positions: PositionCodec;
  /** Clock skew between this machine and the log, in milliseconds; null if not known. */
  readonly clockSkewMs: () => number | null;
  /** True once the process was asked to stop. */
  readonly isLeaving: () => boolean;
  readonly readyLagMs: Config['readyLagMs'];
}

/** Adds liveness and readiness: the process is up; this replica’s answers are as new as they should be. */
export function addHealth(app: FastifyInstance, sources: HealthSources): void {
  const { readModels, positions, clockSkewMs, isLeaving, readyLagMs } = sources;

  addOpenRoute(app, ROUTES.live, async () => ({ state: 'live' }));

  addOpenRoute(app, ROUTES.ready, async (_request, reply) => {
    const { state, ordinal, staleSince, lagEvents, lagMs, poisonEvent, newer } = readModels.status();
    const place = readModels.findPlace(ordinal);
    const skew = clockSkewMs();
    // Live once the head as of the start was reached, and stale only after that.
    const current = (state === 'live' || state === 'stale') && lagMs <= readyLagMs;
    const ready = !isLeaving() && current && Math.abs(skew ?? 0) <= MAX_CLOCK_SKEW_MS;
    return reply.code(ready ? 200 : 503).send({
      ready,
      state: isLeaving() ? 'stopping' : state,
      // Everyone may ask this: sealed, it does not tell how many events there are.
      position: place && positions.encode(place, null),
      lagEvents,
      lagMs: Number.isFinite(lagMs) ? Math.round(lagMs) : null,
      staleSince: staleSince?.toISOString() ?? null,
      clockSkewMs: skew,
      poison: poisonEvent && wayPast(poisonEvent),
      newer: newer && wayOn(newer),
    });
  });
}
