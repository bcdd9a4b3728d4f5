import 'reflect-metadata';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { compose } from './compose';
import { loadConfig, type Config } from './config';
import { describeFailure } from './expected-failure';
import { issueToken } from './http/authentication';
import { addOperatorRoute } from './http/operator';
import { createServer } from './http/server';
import { DEMO_ACCOUNT } from './operations/demo/seed';
import { createMetrics } from './observability/metrics';
import { watchWith } from './observability/watcher';
import { localOperatorBus } from './operations/operator-bus';
import { startProgress } from './start-progress';

/** Composes and starts. Ends on SIGTERM and SIGINT: no new requests, those under way are answered, all is closed. */

const STOP_WITHIN_MS = 10_000;

async function start(): Promise<void> {
  const config = loadConfig();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const watch = watchWith(createMetrics({ process: true }));
  const onProgress = startProgress(logger);
  const application = await compose(config, { logger, demo: config.demo, watch, onProgress });
  const operators = localOperatorBus(application.bus, application.readModels);
  const server = await createServer({
    config,
    logger,
    ...application,
    clockSkewMs: () => application.readModels.clockSkewMs(),
    plugins: watch.plugins,
    routes(app, guard) {
      watch.http(app);
      addOperatorRoute(app, guard, operators);
    },
  });
  const url = await server.listen();
  const note = path.join(config.dataDirectory, 'server.json');
  // Tells the command line whom to ask: only one process may write to an embedded log.
  writeFileSync(note, JSON.stringify({ pid: process.pid, url }));

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    rmSync(note, { force: true });
    await server.close();
    await application.close();
    logger.info('stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop(signal).catch(fail));
  await welcome(url, config, application);
}

async function welcome(
  url: string,
  config: Config,
  { readModels, signingKey }: Pick<Awaited<ReturnType<typeof compose>>, 'readModels' | 'signingKey'>,
): Promise<void> {
  const lines = [
    '',
    `Rolebook serves on ${url}`,
    `  GraphQL   ${url}/graphql`,
    `  GraphiQL  ${url}/graphiql`,
    `  Data      ${config.dataDirectory}`,
  ];
  const view = readModels.view(DEMO_ACCOUNT);
  const admin = [...view.userIds(['admin']).values()][0];
  if (config.demo && admin !== undefined && view.accountInfo()) {
    const token = await issueToken(signingKey, { account: DEMO_ACCOUNT, user: admin });
    lines.push(
      '',
      'The demo account, as its account admin:',
      `  Open      ${url}/graphiql#token=${token}`,
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
