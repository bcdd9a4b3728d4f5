import pino, { type Logger } from 'pino';
import { addAuthzen } from '../authzen/route';
import { compose, type Application } from './compose';
import type { LogSources } from './log-sources';
import { demandAdmins } from './demand-admins';
import { openOperatorSocket } from './operator-socket';
import type { Config } from '../config/config';
import { describeFailure } from './expected-failure';
import { logForgottenFailures } from './forgotten-failures';
import { issueToken } from '../http/authentication/local-tokens';
import { signInLink } from '../http/console/sign-in-codes';
import { loadSigningKey, type SigningKey } from '../http/authentication/signing-key';
import { addContracts } from '../feeds/contracts/route';
import type { FeedParts } from '../feeds/parts';
import { addFeeds } from '../feeds/route';
import { addOperatorRoute } from '../http/operator';
import { ROUTES } from '../http/routes';
import { createServer } from '../http/server';
import { serverNoteIn, writeServerNote } from '../http/listening/server-note';
import { listenWhileStarting, type StartStep } from '../http/listening/startup-server';
import { DEMO_ACCOUNT } from '../operations/demo/seed';
import { createMetrics } from '../observability/metrics';
import { watchWith, type Watch, type Watcher } from '../observability/watcher';
import { localOperatorBus } from '../operator/operator-bus';
import { openedBy } from './sealing';
import { sealed } from './sealing-server';
import { startupProgress } from './startup-progress';
import { stopOnSignals, type Stopping } from './shutdown';

/** Composes and starts; see `shutdown.ts` for the end. */

/** The step that `/health/ready` shows meanwhile. */
const WAITING = 'Waiting for the log';

/** A server that answers. */
export interface Serving {
  readonly url: string;
  readonly config: Config;
  readonly readModels: Application['readModels'];
  readonly signingKey: SigningKey;
}

/** Parts that the servers of one process share. */
export interface ProcessParts {
  readonly logger: Logger;
  readonly tracing: readonly Watcher[];
  readonly stopping: Stopping;
}

/** Serves until the process is told to end, and says on stdout where. */
export async function serve(settings: Config): Promise<void> {
  // Before anything is written: it is a setting like the others.
  loadSigningKey(settings);
  await welcome(await startServer(settings, await processParts(settings)));
}

/** Opens the log of the process, and has signals end what it serves. */
export async function processParts(config: Config): Promise<ProcessParts> {
  const { logger, tracing } = await openLogger(config);
  logForgottenFailures(logger);
  return { logger, tracing, stopping: stopOnSignals(logger) };
}

/** Starts one server. `sources`: those of its log, where they are not chance. */
export async function startServer(
  settings: Config,
  { logger, tracing, stopping }: ProcessParts,
  sources?: LogSources,
): Promise<Serving> {
  const signingKey = loadSigningKey(settings);
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
  const application = await compose(config, {
    logger,
    demo: config.demo,
    sources,
    watch,
    onAway,
    onProgress,
  });
  if (config.oidc !== null)
    await demandAdmins(application, config.oidc, logger).catch(async (error: unknown) => {
      await application.close();
      throw error;
    });
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
    onRefused: watch.onRefused,
    async routes(app, guard, parts) {
      watch.http(app);
      addFeeds(app, guard, feedsOf(config, application, watch), parts);
      addContracts(app);
      // In oidc mode nobody reaches it from the network, whatever token they have.
      if (config.oidc === null) addOperatorRoute(app, guard, operators);
      await addAuthzen(app, guard, { config, ...application }, parts);
    },
    scrapes: watch.scrapes,
  });
  const socket = config.oidc === null ? null : await openOperatorSocket(config, { bus: operators, logger });
  const { leave, cut } = server;
  const close = async (): Promise<void> => void (await Promise.all([server.close(), socket?.close()]));
  stopping.running({
    server: { leave, cut, close },
    application: sealed(application, { config, watch, logger, isKept: sources?.durable !== false }),
    watch,
    note: serverNoteIn(config.dataDirectory),
    noticeMs: config.stopNoticeMs,
  });
  const url = await server.listen();
  writeServerNote(config.dataDirectory, { url, socket: socket?.path ?? null });
  return { url, config, readModels: application.readModels, signingKey };
}

/** Parts of the feeds of events. */
const feedsOf = (config: Config, application: Application, { onReaders }: Watch): FeedParts => ({
  ...application,
  config,
  onReaders,
  open: openedBy(application.keyBook),
});

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

async function welcome({ url, config, readModels, signingKey }: Serving): Promise<void> {
  const view = readModels.view(DEMO_ACCOUNT);
  const demoAdmin = [...view.userIds(['admin']).values()][0];
  const admin = config.oidc === null && config.demo && view.accountInfo() ? demoAdmin : undefined;
  const whom = { account: DEMO_ACCOUNT, user: admin ?? '' };
  const open =
    admin === undefined
      ? [`Rolebook’s console: ${config.publicUrl ?? url}${config.consolePath}/`]
      : [
          'Open Rolebook, as the demo’s account admin (once, within 10 minutes):',
          `  ${await signInLink(signingKey, { ...whom, server: url }, config)}`,
        ];
  const lines = [
    '',
    ...open,
    '',
    `Rolebook serves on ${url}`,
    `  GraphQL   ${url}${ROUTES.graphql.path}`,
    ...(config.introspection ? [`  GraphiQL  ${url}${ROUTES.graphiql.path}`] : []),
    `  Data      ${config.dataDirectory}`,
    `  Sign-in   ${signIn(config)}`,
  ];
  if (admin !== undefined) {
    const token = await issueToken(signingKey, whom);
    lines.push(
      '',
      'The API of the demo account, as its account admin:',
      ...(config.introspection ? [`  Try       ${url}${ROUTES.graphiql.path}#token=${token}`] : []),
      `  Token     ${token}`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

/** The mode, and whose tokens are taken in it. */
const signIn = ({ oidc }: Config): string =>
  oidc === null
    ? 'local mode: tokens of the command line'
    : `oidc mode: access tokens of ${oidc.map(({ issuer }) => issuer).join(', ')}`;

/** Ends the process with what went wrong, for people. */
export function endByFailure(error: unknown): never {
  const portTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  process.stderr.write(`Rolebook cannot go on: ${describeFailure(error, portTaken)}\n`);
  process.exit(1);
}
