import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  createDecisionReads,
  openReadModels,
  type LocalReadModels,
  type OpenReadModelsOptions,
} from '../../projections';
import { operatorMetadata } from '../operations/publication/metadata';
import { CatalogueError } from '../operations/publication/catalogue-log';
import { publishCatalogue, type PublishOptions, type PublishResult } from '../operations/publication/publish';
import { createCommandBus } from '../commands/bus';
import type { CommandBus } from '../commands/command';
import type { DecisionReads } from '../commands/decision-reads';
import { openSnapshots } from '../event-store/local/snapshots';
import { StreamLoader } from '../commands/streams/stream-loader';
import { packagedCatalogue, type Config } from '../config/config';
import { digestInThread } from './workers/digest';
import { BrokenPublicationError } from '../domain/catalogue/evolve';
import type { CatalogueFile } from '../domain/catalogue/file';
import { validateCatalogueFile } from '../domain/catalogue/file-rules';
import type { SnapshotStore } from '../event-store/port/snapshot-store';
import { EventStoreError, NewerEventError, type EventStore } from '../event-store/port/event-store';
import { watchWith, type Watch } from '../observability/watcher';
import { fileFault } from '../shared/file-fault';
import { jittered } from '../shared/backoff';
import type { KeyBook } from '../keys/port/key-book';
import { openKeyBook, type OpenKeyBookOptions } from './open-key-book';
import { openLog } from './open-log';
import { ownSources, type LogSources } from './log-sources';
import { FORMAT_1, sealingTools, type ProjectedLogWatch } from './sealing';
import { KnownVoids } from '../repair/known-voids';
import { awaitsDemo, DEMO_OPERATOR, seedDemo } from '../operations/demo/seed';
import { decodeUtf8, withoutBom } from '../operations/transfer/utf8';
import { PositionCodec } from '../shared/position-codec';
import { projectorThread } from './workers/projector';
import { untilReached } from './until-reached';

/** Composition root. Only this and `main.ts` know every part and name a concrete store. */
export interface Application {
  readonly store: EventStore;
  readonly positions: PositionCodec;
  readonly readModels: LocalReadModels;
  readonly reads: DecisionReads;
  readonly bus: CommandBus;
  /** Null where the log is of format 1, in which nothing is encrypted. */
  readonly keyBook: KeyBook | null;
  /** Stops the projector, then closes the tables and the log. Commands in progress fail. */
  close(): Promise<void>;
}

export interface ComposeOptions {
  readonly logger: Logger;
  /** True to seed an empty log with the demo. */
  readonly demo: boolean;
  /** Sources of what is different in each log otherwise; left out: chance, and the time of now. */
  readonly sources?: LogSources;
  /** For read-only use: the log must exist, and no catalogue is published to it. */
  readonly look?: boolean;
  /** True if no client queries meanwhile, as in an operator's command. */
  readonly alone?: boolean;
  /** Observers of the running parts. */
  readonly watch?: Watch;
  /**
   * Called each time the log cannot be reached or does not answer; it is retried as long as that lasts. Left out: the
   * failure is thrown, as an operator's command wants it.
   */
  readonly onAway?: (why: string) => void;
  /** Progress of slow work: catching up with the log, publishing, seeding. */
  readonly onProgress?: (step: string, done: number, total: number | null) => void;
}

/** The configuration is sound but a file or folder that it names is not; reported without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The catalogue file of the settings, which is read before a folder is made. */
async function prepare({ dataDirectory, catalogueFile }: Config): Promise<CatalogueFile> {
  const file = readCatalogueFile(catalogueFile);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  // An erasure writes the tables anew: there is room for them here, and /tmp is often memory.
  process.env['SQLITE_TMPDIR'] ??= dataDirectory;
  return file;
}

/** Opens the log, publishes the catalogue, brings the tables up to date and seeds the demo on an empty log. */
export async function compose(config: Config, options: ComposeOptions): Promise<Application> {
  const { logger, demo, look = false, alone = false, watch = watchWith(), onAway, onProgress } = options;
  const { sources = ownSources() } = options;
  const fileOfSettings = look ? await demandLog(config) : await prepare(config);
  const { durable, random, host, demoStart } = sources;
  const store = watch.store(await openLog(config, { readOnly: false, durable, logger }));
  const closing: (() => Promise<void> | void)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  const reached = <T>(work: () => Promise<T>): Promise<T> =>
    onAway ? untilReached(work, { onAway, pause: sleep }) : work();
  try {
    const identity = await reached(() => store.identity());
    const positions = new PositionCodec({ identity, line: await reached(() => lineOf(store, sources)) });
    const keyBook = await reached(() => keyBookOf(store, config, { readOnly: look, logger, random }));
    closing.push(() => keyBook?.close(), ...(keyBook ? [watch.keyBook(keyBook)] : []));
    const sealing = await reached(() => sealingTools(store, keyBook));
    const file = catalogueToPublish(keyBook, fileOfSettings, logger);
    const seeding = demo && file !== null && (await reached(() => awaitsDemo(store, sealing.sealing)));
    if (file) {
      const onWritten: PublishOptions['onProgress'] = ({ written, total }) =>
        onProgress?.('Publishing the catalogue', written, total);
      const by = seeding ? DEMO_OPERATOR : 'start';
      const publishing = { store, file, onProgress: onWritten, ...publisher(by, sources) };
      await publish(() => reached(() => publishCatalogue(publishing)), config, logger);
    }
    const reading: OpenReadModelsOptions = {
      directory: config.dataDirectory,
      store,
      logger,
      startThread: projectorThread(config, watchOfKeys(keyBook, watch, logger)),
      alone,
      digest: digestInThread,
      clockAheadUntil: config.clockAheadUntil,
      onTrouble: watch.onTrouble,
      onBuild: watch.onBuild,
      onProgress: ({ done, total }) => onProgress?.('Projecting events', done, total),
    };
    const readModels = await reached(() => openReadModels(reading));
    closing.push(() => readModels.close());
    watch.readModels(readModels);
    // Tables that stopped at an event they cannot apply are served as they are: readable, and not ready.
    await readModels
      .caughtUp()
      .catch((err: unknown) => logger.error({ err }, 'the read models are not current'));
    const reads = createDecisionReads(readModels);
    const snapshots = openSnapshots(config.dataDirectory, identity);
    closing.push(() => snapshots.close());
    const loader = await newLoader(store, snapshots, reads);
    const clockSkewMs = (): number | null => readModels.clockSkewMs();
    const { onRetry } = watch;
    const tools = { store, reads, loader, ...sealing, pause: jitteredPause, clockSkewMs, onRetry };
    if (seeding && !reads.poisoned() && !reads.newer()) {
      const onSeeded = (done: number, total: number): void => onProgress?.('Making the demo', done, total);
      await reached(() => seedDemo({ tools, readModels, start: demoStart, host, onProgress: onSeeded }));
    }
    const bus = watch.bus(createCommandBus({ ...tools, now: () => new Date() }));
    return { store, keyBook, positions, readModels, reads, bus, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function lineOf(store: EventStore, { line }: LogSources): Promise<string> {
  if (line !== null) await store.takeLine(line);
  return store.line();
}

/** The catalogue of a demo is published at the beginning of its story. */
const publisher = (
  actorId: string,
  { host: actorHost, newId, demoStart }: LogSources,
): Pick<PublishOptions, 'metadata' | 'newId' | 'clock'> => ({
  metadata: operatorMetadata({ actorId, actorHost, requestId: newId() }),
  newId,
  clock: () => (actorId === DEMO_OPERATOR ? demoStart : new Date()),
});

async function newLoader(
  store: EventStore,
  snapshots: SnapshotStore,
  reads: DecisionReads,
): Promise<StreamLoader> {
  const known = new KnownVoids(store);
  await known.again();
  return new StreamLoader(store, snapshots, undefined, { known, declaredUpTo: () => reads.voidedBy() });
}

/**
 * The key book of a log whose personal data is encrypted; null for others. The tables that are filled here hold names, so
 * that there is no doing without it, in a command that only looks either.
 */
const keyBookOf = async (store: EventStore, config: Config, options: OpenKeyBookOptions) =>
  (await store.format()) === 2 ? openKeyBook(config, options) : null;

/**
 * Counts unreadable texts, and names the first one: a lost segment takes the names of up to 256 users. The book of this
 * thread forgets what the projector's own one, or another replica, destroyed.
 */
function watchOfKeys(keyBook: KeyBook | null, watch: Watch, logger: Logger): ProjectedLogWatch {
  let told = false;
  return {
    onUnreadable({ id: event, stream }) {
      watch.onUnreadable();
      if (!told) logger.error({ event, stream }, UNREADABLE);
      told = true;
    },
    onKeysErased: (keyIds) => keyBook?.forget(keyIds),
  };
}

const UNREADABLE =
  'a text that nobody erased cannot be decrypted, and is shown as unreadable; further ones are counted in the metrics: see the guide on keys';

/** Null where the log takes no changes. */
function catalogueToPublish<File>(keyBook: KeyBook | null, file: File, logger: Logger): File | null {
  if (keyBook !== null || file === null) return file;
  logger.warn(FORMAT_1);
  return null;
}

const jitteredPause = (ms: number): Promise<void> => sleep(jittered(ms, 1));

/** A catalogue with an event that cannot be applied is served as it was before that event, like the tables. */
async function publish(
  work: () => Promise<PublishResult>,
  { catalogueFile }: Config,
  logger: Logger,
): Promise<void> {
  const published = await work().catch((error: unknown) =>
    catalogueFile === packagedCatalogue() && ownVersion(error, logger) ? null : unreadable(error, logger),
  );
  if (published?.warning) logger.warn(published.warning);
}

/**
 * True if the log has a catalogue of its own under the version of this package's file, which nobody asked for: an upgrade
 * must neither stop at it nor replace it.
 */
function ownVersion(err: unknown, logger: Logger): boolean {
  if (!(err instanceof CatalogueError) || err.code !== 'CATALOGUE_VERSION_REUSED') return false;
  logger.warn({ why: err.message }, 'the catalogue of this package is left alone: the log has another one');
  return true;
}

function unreadable(err: unknown, logger: Logger): null {
  if (err instanceof EventStoreError && err.code === 'NOT_YET_READABLE') {
    logger.warn({ why: err.message }, 'the catalogue is not published: start again when all are upgraded');
    return null;
  }
  const damaged = err instanceof CatalogueError && err.code === 'CATALOGUE_UNREADABLE';
  const expected = damaged || err instanceof NewerEventError || err instanceof BrokenPublicationError;
  if (!expected) throw err;
  logger.error({ err }, 'the catalogue is not published: what the log has of it cannot be read');
  return null;
}

/**
 * Rejects a mistyped folder instead of creating it with a new log. Data in EventStoreDB needs a folder of tables too.
 */
async function demandLog(config: Config): Promise<null> {
  const { dataDirectory, eventStoreUrl } = config;
  if (!existsSync(dataDirectory)) throw new StartError(`There is no data folder ${dataDirectory}.`);
  if (eventStoreUrl === null) await (await openLog(config, { readOnly: true })).close();
  return null;
}

/** @throws StartError with all faults of the file */
export function readCatalogueFile(path: string): CatalogueFile {
  const json = jsonOf(path);
  const result = validateCatalogueFile(json);
  if (result.ok) return result.file;
  throw new StartError(
    `The catalogue file ${path} is faulty:\n${result.faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

function jsonOf(path: string): unknown {
  const faulty = (why: string): StartError => new StartError(`The catalogue file ${path} ${why}.`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw faulty(fileFault(error));
  }
  const text = decodeUtf8(bytes);
  if (text === null) throw faulty('is not UTF-8');
  try {
    return JSON.parse(withoutBom(text));
  } catch (error) {
    // The parser's own message has the position of the syntax error.
    throw faulty(`is not JSON: ${(error as SyntaxError).message}`);
  }
}
