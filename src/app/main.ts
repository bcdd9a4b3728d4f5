import '../config/production';
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import pino, { type Logger } from 'pino';
import { compose, type Application } from './compose';
import { loadConfig, type Config } from '../config/config';
import { describeFailure } from './expected-failure';
import { issueToken, loadSigningKey, type SigningKey } from '../http/authentication';
import { addOperatorRoute } from '../http/operator';
import { ROUTES } from '../http/routes';
import { createServer } from '../http/server';
import { listenWhileStarting, type StartStep } from '../http/startup-server';
import { DEMO_ACCOUNT } from '../operations/demo/seed';
import { createMetrics } from '../observability/metrics';
import { watchWith, type Watcher } from '../observability/watcher';
import { localOperatorBus } from '../operator/operator-bus';
import { startupProgress } from './startup-progress';
import { stopOnSignals } from './shutdown';

/** Composes and starts; see `shutdown.ts` for the end. */

/** The step that `/health/ready` shows meanwhile. */
const WAITING = 'Waiting for the log';

async function start(): Promise<void> {
  const settings = loadConfig();
  // Before anything is written: it is a setting like the others.
  const signingKey = loadSigningKey(settings);
  const { logger, tracing } = await openLogger(settings);
  const stopping = stopOnSignals(logger);
  const watch = watchWith(
    createMetrics({ process: true, openDigest: settings.openDigest, logger }),
    ...tracing,
  );
  const logProgress = startupProgress(logger);
  let current: StartStep | null = null;
  const listener = await listenWhileStarting(settings, () => current);
  const config = { ...settings, port: listener.port };
  const onProgress = (step: string, done: number, total: number | null): void => {
    current = { step, done, total };
    logProgress(step, done, total);
  };
  const onAway = (why: string): void => {
    current = { step: WAITING, done: 0, total: null };
    logger.warn({ why }, 'the log is out of reach; the start waits for it');
  };
  const application = await compose(config, { logger, demo: config.demo, watch, onAway, onProgress });
  const operators = localOperatorBus(application.bus, application.readModels, (err, { requestId }) =>
    logger.error({ err, requestId }, 'a command of an operator failed'),
  );
  const server = await createServer({
    config,
    logger,
    ...application,
    signingKey,
    listener,
    clockSkewMs: () => application.readModels.clockSkewMs(),
    plugins: watch.plugins,
    routes(app, guard) {
      watch.http(app, guard);
      addOperatorRoute(app, guard, operators);
    },
  });
  // Gives the command line the address of this server: only one process may write to an embedded log.
  const note = path.join(config.dataDirectory, 'server.json');
  stopping.running({ server, application, watch, note, noticeMs: config.stopNoticeMs });
  const url = await server.listen();
  writeFileSync(note, JSON.stringify({ pid: process.pid, url }));
  await welcome(url, config, application.readModels, signingKey);
}

/** Lines also name the trace that they are written in, if traces are on. */
async function openLogger(config: Config): Promise<{ logger: Logger; tracing: readonly Watcher[] }> {
  const { logLevel: level, traceEndpoint: endpoint } = config;
  if (endpoint === null) return { logger: pino({ level }, pino.destination(2)), tracing: [] };
  // No other module loads OpenTelemetry.
  const { startTracing } = await import('../observability/tracing');
  const tracing = startTracing({
    endpoint,
    serviceName: config.traceServiceName,
    ratio: config.traceRatio,
    onTrouble: (why) => logger.warn({ why }, 'traces could not be sent'),
  });
  const logger = pino({ level, mixin: tracing.logFields }, pino.destination(2));
  return { logger, tracing: [tracing] };
}

async function welcome(
  url: string,
  config: Config,
  readModels: Application['readModels'],
  signingKey: SigningKey,
): Promise<void> {
  const lines = [
    '',
    `Rolebook serves on ${url}`,
    `  GraphQL   ${url}${ROUTES.graphql.path}`,
    `  GraphiQL  ${url}${ROUTES.graphiql.path}`,
    `  Data      ${config.dataDirectory}`,
  ];
  const view = readModels.view(DEMO_ACCOUNT);
  const admin = [...view.userIds(['admin']).values()][0];
  if (config.demo && admin !== undefined && view.accountInfo()) {
    const token = await issueToken(signingKey, { account: DEMO_ACCOUNT, user: admin });
    lines.push(
      '',
      'The demo account, as its account admin:',
      `  Open      ${url}${ROUTES.graphiql.path}#token=${token}`,
      `  Token     ${token}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

function fail(error: unknown): void {
  const portTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(`Rolebook cannot go on: ${describeFailure(error, portTaken)}\n`);
  process.exit(1);
}

void start().catch(fail);
