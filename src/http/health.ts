import type { FastifyInstance } from 'fastify';
import type { ReadModels } from '../../projections/view';
import { MAX_CLOCK_SKEW_MS } from '../commands/guards';
import type { Config } from '../config';
import type { PositionCodec } from '../graphql/position';

/** Whether the process lives, and whether this replica’s answers are as new as they should be. */
export function addHealth(
  app: FastifyInstance,
  readModels: Pick<ReadModels, 'status'>,
  positions: PositionCodec,
  clockSkewMs: () => number | null,
  { readyLagMs }: Pick<Config, 'readyLagMs'>,
): void {
  app.get('/health/live', async () => ({ state: 'live' }));

  app.get('/health/ready', async (_request, reply) => {
    const { state, position, staleSince, lagEvents, lagMs } = readModels.status();
    const skew = clockSkewMs();
    // Live once the head that stood at the start was seen, and stale only after that.
    const current = (state === 'live' || state === 'stale') && lagMs <= readyLagMs;
    const ready = current && Math.abs(skew ?? 0) <= MAX_CLOCK_SKEW_MS;
    return reply.code(ready ? 200 : 503).send({
      ready,
      state,
      position: position === null ? null : positions.encode(position),
      lagEvents,
      lagMs: Number.isFinite(lagMs) ? Math.round(lagMs) : null,
      staleSince: staleSince?.toISOString() ?? null,
      clockSkewMs: skew,
    });
  });
}
