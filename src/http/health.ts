import type { FastifyInstance } from 'fastify';
import type { ReadModels } from '../../projections/view';
import type { Config } from '../config';
import type { PositionCodec } from '../graphql/position';

/** Whether the process lives, and whether this replica’s answers are as new as they should be. */
export function addHealth(
  app: FastifyInstance,
  readModels: Pick<ReadModels, 'status'>,
  positions: PositionCodec,
  { readyLagMs }: Pick<Config, 'readyLagMs'>,
): void {
  app.get('/health/live', async () => ({ state: 'live' }));

  app.get('/health/ready', async (_request, reply) => {
    const { state, position, staleSince, lagEvents, lagMs } = readModels.status();
    const ready = (state === 'live' || state === 'stale') && lagMs <= readyLagMs;
    return reply.code(ready ? 200 : 503).send({
      ready,
      state,
      position: position === null ? null : positions.encode(position),
      lagEvents,
      lagMs: Number.isFinite(lagMs) ? Math.round(lagMs) : null,
      staleSince: staleSince?.toISOString() ?? null,
    });
  });
}
