import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { v4 } from 'uuid';
import { createDecisionReads } from '../../projections';
import { openReadModels, type LocalReadModels } from '../../projections';
import type { ReadModels } from '../../projections/view';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { createCommandBus } from '../../src/commands/bus';
import type { Command, CommandBus, CommandContext } from '../../src/commands/command';
import type { DecisionReads } from '../../src/commands/decision-reads';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import { openedBy, projectedLog, sealingTools } from '../../src/app/sealing';
import { addAuthzen } from '../../src/authzen/route';
import { addContracts } from '../../src/feeds/contracts/route';
import { addFeeds } from '../../src/feeds/route';
import { openKeyBook } from '../../src/keys/book/key-book';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import type { KeyBook } from '../../src/keys/port/key-book';
import { loadConfig, type Config } from '../../src/config/config';
import { validateCatalogueFile } from '../../src/domain/catalogue/file-rules';
import type { EventStore } from '../../src/event-store/port/event-store';
import { EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { validating } from '../../src/event-store/decorators/validating-store';
import { issueToken } from '../../src/http/authentication/local-tokens';
import { loadSigningKey, type SigningKey } from '../../src/http/authentication/signing-key';
import { createMetrics } from '../../src/observability/metrics';
import { watchWith, type Watcher } from '../../src/observability/watcher';
import { addOperatorRoute } from '../../src/http/operator';
import { createServer, type Server, type ServerDependencies } from '../../src/http/server';
import { localOperatorBus } from '../../src/operator/operator-bus';
import { PositionCodec } from '../../src/shared/position-codec';
import { jittered } from '../../src/shared/backoff';
import { newPrefix, serverUrl } from '../eventstoredb';

/**
 * A whole server on a free port: real commands, real read models, real HTTP. Over a log in memory, or a new one in
 * EventStoreDB where the tests have a server.
 */

export const ACCOUNT = 'acme';
/** Account admin of the account. */
export const ADMIN = 'ada';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer is looked into at any depth by what a test expects
export type AnyData = Record<string, any>;

export interface Answer<Data = AnyData> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions?: { readonly position: string | null };
}

export interface RequestOptions {
  /** Caller: id of a user of the account; default the admin; null: nobody. */
  readonly as?: string | null;
  readonly account?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly url: string;
  readonly store: EventStore;
  readonly readModels: LocalReadModels;
  readonly reads: DecisionReads;
  readonly bus: CommandBus;
  readonly signingKey: SigningKey;
  readonly config: Config;
  /** Address of the metrics, where they have one of their own. */
  readonly metricsUrl: string | null;
  /** Lines that were logged. */
  readonly log: Record<string, unknown>[];
  graphql(query: string, variables?: object, options?: RequestOptions): Promise<Answer>;
  /** Runs a command as an operator and waits until it can be read. */
  run(command: Command, context?: Partial<CommandContext>): Promise<bigint | null>;
  token(user: string, account?: string): Promise<string>;
  /** Behaves like a server that was told to stop. */
  leave(): void;
  /** Ends the server as a signal does: what is under way gets its answer. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Puts something between the server and what it stands on. */
  readonly wrap?: (
    parts: Pick<ServerDependencies, 'readModels' | 'bus' | 'reads'>,
  ) => Partial<ServerDependencies>;
  readonly store?: EventStore;
  /** Left out: one of the server's own, with the keys of all servers on the store. */
  readonly keyBook?: KeyBook;
  /** Time that sessions and sign-ins go by. */
  readonly now?: () => number;
  /** Folder of the built console; left out: a small one of these tests. */
  readonly consoleFolder?: string;
  /** Look on besides the metrics. */
  readonly watchers?: readonly Watcher[];
}

/** A built console of a few lines. */
export const CONSOLE_FIXTURE = path.join(__dirname, '../fixtures/console');

const newStore = (): EventStore =>
  validating(
    serverUrl ? new EventStoreDbStore({ url: serverUrl, streamPrefix: newPrefix() }) : new MemoryEventStore(),
  );

/** Key books of all logs here: copies of a log have the same keys, and no two books give out one key. */
const shelf: Shelf = new Map();
const newBook = (): Promise<KeyBook> => openKeyBook(new MemorySegments(shelf), () => masters('m1'));

export async function startTestServer({
  environment,
  wrap,
  store: given = newStore(),
  keyBook: ownBook,
  watchers = [],
  now,
  consoleFolder = CONSOLE_FIXTURE,
}: TestServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'rolebook-http-'));
  const config = loadConfig({
    PORT: '0',
    ROLEBOOK_DATA_DIR: directory,
    ROLEBOOK_LOG_LEVEL: 'debug',
    ...environment,
  });
  const { openDigest } = config;
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { level: config.logLevel },
    { write: (line: string) => void log.push(JSON.parse(line)) },
  );
  const watch = watchWith(createMetrics({ process: false, openDigest, logger }), ...watchers);
  const store = watch.store(given);
  await publishCatalogue({
    store,
    file: demoCatalogue(),
    metadata: operatorMetadata({ actorId: 'test', requestId: v4() }),
    clock: () => new Date(),
  });
  const { onTrouble, onBuild, onRetry, onUnreadable } = watch;
  const keyBook = ownBook ?? (await newBook());
  const endKeyBook = watch.keyBook(keyBook);
  const readModels = await openReadModels({
    directory,
    store: projectedLog(store, keyBook, { onUnreadable }),
    onTrouble,
    onBuild,
  });
  watch.readModels(readModels);
  await readModels.caughtUp();
  const reads = createDecisionReads(readModels);
  const bus = watch.bus(
    createCommandBus({
      store,
      reads,
      loader: new StreamLoader(store),
      ...(await sealingTools(store, keyBook)),
      now: () => new Date(),
      pause: (ms) => sleep(jittered(ms, 1)),
      clockSkewMs: () => readModels.clockSkewMs(),
      onRetry,
    }),
  );
  const signingKey = loadSigningKey(config);
  const parts = { readModels: readModels as ReadModels, bus, reads };
  const positions = new PositionCodec({ identity: await store.identity(), line: await store.line() });
  let server: Server | undefined;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => (stopped ??= server?.close());
  const close = async (): Promise<void> => {
    const closed = stop();
    // Connections that `fetch` keeps are not worth waiting for.
    server?.cut();
    await closed;
    endKeyBook();
    await readModels.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  };
  const start = async (): Promise<string> => {
    const { plugins, onRefused } = watch;
    const routes: ServerDependencies['routes'] = async (app, guard, served) => {
      watch.http(app);
      const { onReaders } = watch;
      const open = openedBy(keyBook);
      addFeeds(app, guard, { config, store, positions, open, reads, readModels, onReaders }, served);
      addContracts(app);
      const failed = (err: unknown): void => logger.error({ err }, 'a command of an operator failed');
      addOperatorRoute(app, guard, localOperatorBus(parts.bus, parts.readModels, failed));
      await addAuthzen(app, guard, { config, positions, reads, readModels }, served);
    };
    const clockSkewMs = (): number | null => readModels.clockSkewMs();
    const whole: ServerDependencies = {
      clockSkewMs,
      config,
      positions,
      signingKey,
      logger,
      plugins,
      onRefused,
      routes,
      scrapes: watch.scrapes,
      now,
      consoleFolder,
      ...parts,
      ...wrap?.(parts),
    };
    server = await createServer(whole);
    return server.listen();
  };
  const url = await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });

  const run: TestServer['run'] = async (command, context) => {
    const outcome = await bus.execute(command, {
      account: ACCOUNT,
      actor: { type: 'operator', id: 'test' },
      requestId: 'setup',
      ...context,
    });
    if (!outcome.accepted)
      throw new Error(`${command.type}: ${outcome.refusals.map(({ code }) => code).join()}`);
    if (outcome.position !== null) await readModels.waitFor(outcome.position, 5_000);
    return outcome.position;
  };
  const token: TestServer['token'] = (user, account = ACCOUNT) => issueToken(signingKey, { account, user });

  await openAccount(run, ACCOUNT, ADMIN, 'Ada Admin');
  return {
    url,
    store,
    readModels,
    reads,
    bus,
    signingKey,
    config,
    metricsUrl: server?.metricsUrl ?? null,
    log,
    run,
    token,
    leave: () => server?.leave(),
    stop,
    async graphql(query, variables, { as = ADMIN, account, headers } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(as === null ? {} : { authorization: `Bearer ${await token(as, account)}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      // Checked for every 503 of any test.
      if (response.status === 503) expect(response.headers.get('retry-after')).toBe('1');
      return {
        status: response.status,
        headers: response.headers,
        ...((await response.json()) as object),
      } as Answer;
    },
    close,
  };
}

/** Opens an account with all features and a first admin. */
export async function openAccount(
  run: TestServer['run'],
  account: string,
  admin: string,
  name: string,
): Promise<void> {
  const features = demoCatalogue().features.map(({ key }) => key);
  await run({ type: 'openAccount', name: `The ${account}`, features }, { account });
  await run({ type: 'registerUser', user: admin, username: `${admin}@example.com`, name }, { account });
  await run({ type: 'assignUsers', role: 'account-admin', userIds: [admin] }, { account });
}

/** Data of an answer that must have no error. */
export function dataOf(answer: Answer): AnyData {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 2));
  return answer.data;
}

export const codesOf = (answer: Answer): unknown[] =>
  (answer.errors ?? []).map(({ extensions }) => extensions.code);

function demoCatalogue() {
  const result = validateCatalogueFile(
    JSON.parse(readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8')),
  );
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.file;
}
