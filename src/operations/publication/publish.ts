import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { diffCatalogue, publishedEvent } from '../../domain/catalogue/diff';
import { contentDigest } from '../../domain/catalogue/digest';
import type { CatalogueEvent } from '../../domain/catalogue/events';
import type { CatalogueFile } from '../../domain/catalogue/file';
import { appendUntilKnown } from '../../event-store/port/append-until-known';
import type { EventStore, NewEvent, Position } from '../../event-store/port/event-store';
import { catalogueStream } from '../../event-store/port/streams';
import { backoff } from '../../shared/backoff';
import { CatalogueError, readCatalogue, type CatalogueLog } from './catalogue-log';
import { decidePublication, leftAlone, reusedVersion } from './decide';
import type { PublicationMetadata } from './metadata';

export interface PublishOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  /** A file that `validateCatalogueFile` accepted. */
  readonly file: CatalogueFile;
  readonly metadata: PublicationMetadata;
  readonly onProgress?: (progress: { readonly written: number; readonly total: number }) => void;
  readonly clock?: () => Date;
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** From 0 to 1; determines the wait of this publisher for another, so that two spread out. */
  readonly random?: () => number;
  /** Makes the id of the publication, and of its events. */
  readonly newId?: () => string;
}

export type PublishResult = {
  /**
   * `published` by this call; `unchanged`: it was before; `already`: by another publisher during this call, it or a
   * higher one; `older`: the log has a higher version, so the file was left alone, with a `warning`.
   */
  readonly outcome: 'published' | 'unchanged' | 'already' | 'older';
  /** Version in force now. */
  readonly version: number;
  /** Position of its `CataloguePublished`. */
  readonly position: Position | null;
  /** Number of events written that are in force. */
  readonly events: number;
  readonly warning?: string;
};

type Tools = Required<Omit<PublishOptions, 'file'>>;

const MAX_ATTEMPTS = 20;
/**
 * Staged events older than this, by their writer's clock, are of a publisher that crashed. Only progress depends on it.
 */
const LONG_AGO_MS = 10_000;
/** Far below `MAX_APPEND_BYTES`: large appends keep other writers waiting, and gain nothing beyond this. */
const BATCH_EVENTS = 500;
const BATCH_BYTES = 256 * 1024;
/** Upper bound of the metadata, type and id of an event. */
const ENVELOPE_BYTES = 2048;

/**
 * Publishes a catalogue file, if it is newer than that of the log. Any number of replicas may do so at once: every
 * append has an exact revision, so a publisher notices any other, restarts under a new publication id, and its earlier
 * staged events stay void.
 * @throws CatalogueError, EventStoreError
 */
export async function publishCatalogue({ file, ...options }: PublishOptions): Promise<PublishResult> {
  const tools: Tools = {
    onProgress: () => {},
    clock: () => new Date(),
    pause: (milliseconds) => sleep(milliseconds),
    random: Math.random,
    newId: randomUUID,
    ...options,
  };
  let log = await readCatalogue(tools.store);
  let raced = false;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const before = settled(log, file, raced);
    if (before) return before;
    if (raced || stagedLately(log, tools.clock())) {
      raced = true;
      log = await othersDone(tools, log, attempt);
      const after = settled(log, file, raced);
      if (after) return after;
    }
    const published = await attemptPublication(tools, log, file);
    if (published) return published;
    raced = true;
    log = await readCatalogue(tools.store, log);
  }
  throw new CatalogueError(
    'CATALOGUE_CONTENTION',
    `Catalogue version ${file.version} is not published: other publishers came first ${MAX_ATTEMPTS} times.`,
  );
}

/** Result if there is nothing to write, or null if the file is to be published. */
function settled(log: CatalogueLog, file: CatalogueFile, raced: boolean): PublishResult | null {
  const { content } = log.state;
  const decision = decidePublication(content, file);
  if (decision === 'publish') return null;
  if (decision === 'version-reused') throw reusedVersion(content, file);
  const result = { version: content.version, position: log.publishedAt, events: 0 };
  if (raced) return { outcome: 'already', ...result };
  if (decision === 'unchanged') return { outcome: 'unchanged', ...result };
  return { outcome: 'older', ...result, warning: leftAlone(content, file, 'was') };
}

const stagedLately = ({ state, recordedAt }: CatalogueLog, now: Date): boolean =>
  state.staging !== null && now.getTime() - Date.parse(recordedAt ?? '') < LONG_AGO_MS;

/**
 * Reads on until no publisher is staging any more: a publication came, or nothing came for a while (its publisher
 * crashed, or is waiting too). The wait grows with every attempt, so that two slow publishers do not fence each other
 * off for ever.
 */
async function othersDone(tools: Tools, log: CatalogueLog, attempt: number): Promise<CatalogueLog> {
  const pauseAfter = backoff({ first: 2_000, longest: 32_000, jitter: 0.75, random: tools.random });
  for (let seen = log; ;) {
    if (seen.state.staging === null) return seen;
    await tools.pause(pauseAfter(attempt));
    const now = await readCatalogue(tools.store, seen);
    if (now.revision === seen.revision) return now;
    seen = now;
  }
}

/** Stages all and publishes, or returns null if another publisher came in between. */
async function attemptPublication(
  tools: Tools,
  log: CatalogueLog,
  file: CatalogueFile,
): Promise<PublishResult | null> {
  const { content } = log.state;
  const publication = tools.newId();
  const metadataOf = tools.metadata(publication);
  const inputHash = contentDigest(file);
  const basis = `${log.position ?? '-'}@${content.version || '-'}`;
  const staged = diffCatalogue(content, file, publication);
  const events = [...staged, publishedEvent(content, file, publication, staged)];

  let { revision, position }: Pick<CatalogueLog, 'revision' | 'position'> = log;
  let written = 0;
  for (const batch of batchesOf(events)) {
    const recordedAt = tools.clock();
    const parts = batch.length;
    const append = batch.map(({ type, data }, index): NewEvent => ({
      id: tools.newId(),
      type,
      data,
      metadata: metadataOf({ type, data, part: index + 1, parts, inputHash, basis, recordedAt }),
    }));
    const expected = revision === -1 ? 'no-stream' : revision;
    const result = await appendUntilKnown(tools, catalogueStream, expected, append);
    if (result.outcome === 'conflict') return null;
    ({ revision, position } = result);
    written += parts;
    tools.onProgress({ written, total: events.length });
  }
  return { outcome: 'published', version: file.version, position, events: events.length };
}

/** Splits the events, in their order, into appends. An event that is larger than a batch is an append of its own. */
function batchesOf(events: readonly CatalogueEvent[]): CatalogueEvent[][] {
  const batches: CatalogueEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event.data)) + ENVELOPE_BYTES;
    const last = batches.at(-1);
    if (last && last.length < BATCH_EVENTS && bytes + size <= BATCH_BYTES) {
      last.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
