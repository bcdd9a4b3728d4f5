/**
 * Metrics for Prometheus: a watcher of the running parts, and the route that shows its counts. Labels take few values
 * and never name an account, a role or a person. Never changes what it watches.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, type Gauge } from 'prom-client';
import type { LocalReadModels } from '../../../projections';
import type { ReplicaStatus } from '../../../projections/view';
import { CommandError } from '../../commands/command';
import { EventStoreError } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { routeLabel, ROUTES } from '../../http/routes';
import type { Watcher } from '../watcher';
import { DigestMetric } from './digest';
import { createInstruments, type Instruments } from './instruments';
import { KeyBookFigures, type MetricsLog } from './key-book';
import { countOperations } from './operations';
import { OTHER } from './names';
import { SealFigures } from './seals';

const STATES: readonly ReplicaStatus['state'][] = [
  'starting',
  'rebuilding',
  'live',
  'stale',
  'poisoned',
  'newer',
  'stopped',
];

export interface MetricsOptions {
  /** True to show the process too: memory, CPU, delay of the event loop. At most one server in a process may. */
  readonly process: boolean;
  /** True if any client may request the digest; otherwise an operator alone, since it reads every row. */
  readonly openDigest?: boolean;
  /** Warned of figures that could not be taken. */
  readonly logger?: MetricsLog;
}

/** Measures everything and shows it at `/metrics`. */
export function createMetrics({ process, openDigest = false, logger }: MetricsOptions): Watcher {
  const instruments = createInstruments();
  const { registry } = instruments;
  if (process) collectDefaultMetrics({ register: registry });
  const digest = new DigestMetric(instruments.digest);
  const keyBook = new KeyBookFigures(instruments, logger);
  let readModels: LocalReadModels | null = null;
  const seals = new SealFigures(instruments.seals);
  return {
    async append({ stream, events }, proceed) {
      const category = parseStream(stream)?.category ?? OTHER;
      const stop = instruments.appendSeconds.startTimer();
      try {
        const result = await proceed();
        instruments.appends.inc({ category, outcome: result.outcome });
        if (result.outcome === 'appended') instruments.appendedEvents.inc(events.length);
        return result;
      } catch (error) {
        instruments.appends.inc({ category, outcome: codeOf(error) });
        throw error;
      } finally {
        stop();
      }
    },
    async command({ type: command }, _context, proceed) {
      const stop = instruments.commandSeconds.startTimer({ command });
      try {
        const result = await proceed();
        const outcome = !result.accepted ? 'refused' : result.written > 0 ? 'written' : 'unchanged';
        instruments.commands.inc({ command, outcome });
        return result;
      } catch (error) {
        instruments.commands.inc({ command, outcome: codeOf(error) });
        throw error;
      } finally {
        stop();
      }
    },
    ...countingCalls(instruments),
    keyBook: (book) => keyBook.watch(book),
    readModels: (opened) => (readModels = opened),
    seals: (status) => seals.watch(status),
    plugins: [countOperations(instruments)],
    http: (app) => countRequests(instruments, app),
    scrapes(app, guard) {
      app.get(ROUTES.metrics.path, {
        config: { guard: ROUTES.metrics.guard },
        async onRequest(request) {
          // An operator may read the digest, whose token is another than that of scrapers.
          if (wantsDigest(request) && !openDigest) await guard.operator(request);
          else await guard.scraper(request);
        },
        async handler(request, reply) {
          if (readModels && wantsDigest(request)) await digest.refresh(readModels);
          if (readModels) showStatus(instruments, readModels);
          keyBook.show();
          seals.show();
          return reply.header('content-type', registry.contentType).send(await registry.metrics());
        },
      });
    },
  };
}

function countRequests({ requests }: Instruments, app: FastifyInstance): void {
  app.addHook('onResponse', async (request, { statusCode }) => {
    const route = routeLabel(request) ?? 'none';
    requests.inc({ method: request.method, route, status: String(statusCode) });
  });
}

const countingCalls = (instruments: Instruments) =>
  ({
    onRetry: (reason) => instruments.retries.inc({ reason }),
    onTrouble: () => instruments.restarts.inc(),
    onBuild: () => instruments.builds.inc(),
    onUnreadable: () => instruments.unreadable.inc(),
    onRefused: (code) => instruments.refusedAttempts.inc({ code }),
    onReaders: (by, change) => instruments.feedReaders.inc({ by }, change),
    onSealFailure: (code) => instruments.sealFailures.inc({ code }),
  }) satisfies Watcher;

const wantsDigest = ({ query }: FastifyRequest): boolean =>
  (query as { readonly digest?: unknown }).digest === '1';

/** The projector is polled at each scrape, so that it need not know of metrics. */
function showStatus(instruments: Instruments, readModels: LocalReadModels): void {
  const status = readModels.status();
  instruments.projectedEvents.reset();
  instruments.projectedEvents.inc(status.ordinal);
  instruments.lagSeconds.set(status.lagMs / 1_000);
  showIfKnown(instruments.lagEvents, status.lagEvents);
  const skew = readModels.clockSkewMs();
  showIfKnown(instruments.clockSkewSeconds, skew === null ? null : skew / 1_000);
  for (const state of STATES) instruments.state.set({ state }, state === status.state ? 1 : 0);
}

/** Omits the sample when the value is unknown: 0 would be misleading. */
function showIfKnown(gauge: Gauge, value: number | null): void {
  if (value === null) gauge.remove();
  else gauge.set(value);
}

const codeOf = (error: unknown): string =>
  error instanceof CommandError || error instanceof EventStoreError ? error.code : 'INTERNAL_SERVER_ERROR';
