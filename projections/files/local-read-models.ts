import { EventStoreError, type EventStore, type Position } from '../../src/event-store/port/event-store';
import type { Work } from '../../src/shared/turns';
import { clockSkew } from '../projector/clock';
import { Projector, type ProjectorTask } from '../projector/projector';
import {
  replicaStatus,
  type ProjectorHandle,
  type ProjectorEvents,
  type ProjectorState,
} from '../projector/projector-handle';
import { ThreadedProjector, type StartThread } from '../projector/projector-thread';
import { CatalogueSnapshots } from '../queries/catalogue-snapshots';
import { Tables } from '../queries/sql-view';
import { openAccounts } from '../tables/accounts';
import { findPlace, readCheckpoint } from '../tables/timeline';
import type { FeedAsked, FeedEntry, FeedReads } from '../feed-reads';
import {
  wayOn,
  wayPast,
  type AsOf,
  type Ordinal,
  type Place,
  type Progress,
  type ReadModels,
  type ReplicaStatus,
  type Sought,
  type View,
} from '../view';
import { digestOf } from './digest';
import { createFile, openFitting, pointAt, removeFile, removeOthers, type OpenFile } from './model-files';
import { holds, Waiters } from './waiters';

/** The part of a logger that is used here; a pino logger fits. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface OpenReadModelsOptions {
  /** Directory of the files; created if missing. Used by one process at a time. */
  readonly directory: string;
  readonly store: EventStore;
  readonly logger?: Log;
  /**
   * Starts the projector in its own thread, which opens the log a second time. Left out: in this thread, from `store`.
   */
  readonly startThread?: StartThread;
  /** This machine's clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Recorded times up to this one are known to be wrong: a clock that ran ahead recorded them. */
  readonly clockAheadUntil?: Date | null;
  /** True if nothing queries meanwhile: batches are larger then. */
  readonly alone?: boolean;
  /** Takes the digest of a file; `digestOf`, in this thread, where left out. */
  readonly digest?: (path: string) => Promise<string>;
  /** Called each time the log is out of reach; it is retried after `retryInMs` milliseconds. */
  readonly onTrouble?: (why: string, retryInMs: number) => void;
  /** Called with the name of each file that is built, or whose build is resumed, rather than continued. */
  readonly onBuild?: (file: string) => void;
  /** Called about once a second while catching up. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Read models as the rest of the program sees them, with the operator's handles. */
export interface LocalReadModels extends ReadModels, FeedReads {
  /** Resolves once the log's head was reached; rejects if projecting stopped before that, though it may go on later. */
  caughtUp(): Promise<void>;
  /** Builds a new file beside the one in use, which answers until the new one has caught up. */
  rebuild(): Promise<void>;
  /** Digest of the committed rows; see `digestOf`. */
  digest(): Promise<string>;
  /** Ids of all accounts, for the operator alone: no client learns of other accounts than its own. */
  accounts(): readonly string[];
  /** Newest tables, for decisions. */
  tables(): Tables;
  /** Offset of this machine's clock from the log's, in milliseconds, positive if ahead; null if not known. */
  clockSkewMs(): number | null;
  close(): Promise<void>;
}

/** Time limit, in milliseconds, for requests that began before a swap to go on reading the file that was replaced. */
const GRACE_MS = 30_000;

const TOO_OLD =
  'this program is too old for the log: queries go on as of before its first event that needs a later release, changes are refused';

/** One file with the projector that fills it. */
interface Build {
  readonly file: OpenFile;
  readonly tables: Tables;
  readonly projector: ProjectorHandle;
  /** Settles when the head was reached, or can no longer be. */
  readonly live: Promise<void>;
  stop(): Promise<void>;
}

/** @throws EventStoreError if the log cannot be reached */
export async function openReadModels(options: OpenReadModelsOptions): Promise<LocalReadModels> {
  const { file, building, replaces } = await openFitting(options.directory, options.store);
  if (building) {
    options.logger?.info({ file: file.name, replaces }, 'building the read models');
    options.onBuild?.(file.name);
  }
  return new ProjectedReadModels(options, file, building);
}

class ProjectedReadModels implements LocalReadModels {
  readonly #options: OpenReadModelsOptions;
  readonly #waiters = new Waiters();
  readonly #retired = new Map<OpenFile, NodeJS.Timeout>();
  #current: Build;
  #rebuilding: Promise<void> | null = null;
  #next: Build | null = null;
  /** The file that the pointer names, once it does. */
  #pointed: string | null = null;
  #closed = false;

  constructor(options: OpenReadModelsOptions, file: OpenFile, building: boolean) {
    this.#options = options;
    this.#current = this.#build(file, building);
    this.#current.projector.start();
  }

  view(account: string, asOf?: AsOf | null, work?: Work): View {
    const { tables, projector } = this.#current;
    return tables.view(account, asOf, projector.state.checkpoint, work);
  }

  accounts(): readonly string[] {
    return openAccounts(this.#current.tables.sql);
  }

  tables(): Tables {
    return this.#current.tables;
  }

  status(): ReplicaStatus {
    return replicaStatus(this.#current.projector.state);
  }

  clockSkewMs(): number | null {
    const { clockSkewMs, checkpoint } = this.#current.projector.state;
    const { now = Date.now, clockAheadUntil } = this.#options;
    return clockSkew({
      storeSkewMs: clockSkewMs,
      latest: checkpoint?.time ?? null,
      now: now(),
      aheadUntil: clockAheadUntil?.getTime() ?? -Infinity,
    });
  }

  caughtUp(): Promise<void> {
    return this.#current.live;
  }

  async waitFor(until: Position | Ordinal, timeoutMs: number): Promise<boolean> {
    if (holds(this.#current.projector.state.checkpoint, until)) return true;
    return this.#closed || timeoutMs <= 0 ? false : this.#waiters.wait(until, timeoutMs);
  }

  async waitForHead(timeoutMs: number): Promise<boolean> {
    try {
      const head = await this.#options.store.head();
      return head === null || (await this.waitFor(head.position, timeoutMs));
    } catch (error) {
      if (error instanceof EventStoreError) return false;
      throw error;
    }
  }

  findPlace(sought: Sought): Place | null {
    return findPlace(this.#current.file.reader, sought);
  }

  feed(asked: FeedAsked): readonly FeedEntry[] {
    return this.#current.tables.feeds.entries(asked, this.status().ordinal);
  }

  isInFeed(account: string | null, ordinal: Ordinal): boolean {
    return this.#current.tables.feeds.has(account, ordinal);
  }

  digest(): Promise<string> {
    const { digest = digestOf } = this.#options;
    return digest(this.#current.file.path);
  }

  rebuild(): Promise<void> {
    return (this.#rebuilding ??= this.#rebuild().finally(() => (this.#rebuilding = null)));
  }

  async #rebuild(): Promise<void> {
    const { directory, store, logger, onBuild } = this.#options;
    const next = this.#build(createFile(directory, await store.identity()), true);
    this.#next = next;
    logger?.info({ file: next.file.name }, 'rebuilding the read models');
    onBuild?.(next.file.name);
    next.projector.start();
    try {
      await next.live;
    } catch (error) {
      if (!this.#closed) {
        this.#next = null;
        await next.stop();
        next.file.reader.close();
        removeFile(directory, next.file.name);
      }
      throw error;
    }
    const old = this.#current;
    this.#current = next;
    this.#next = null;
    this.#reached(next.projector, next.projector.state.checkpoint);
    this.#use(next.file.name, old.file.name);
    await old.stop();
    this.#retire(old.file);
  }

  #build(file: OpenFile, building: boolean): Build {
    const { store, alone = false, logger, onTrouble, onProgress, startThread } = this.#options;
    const tables = new Tables(file.reader, new CatalogueSnapshots());
    let settle: { resolve(): void; reject(error: Error): void };
    const live = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    live.catch(() => undefined);
    let told: ProjectorState['state'] | null = null;
    const events: ProjectorEvents = {
      onState: ({ state, checkpoint, poison, poisonEvent, newer }) => {
        this.#reached(projector, checkpoint);
        if (state === told) return;
        told = state;
        if (state === 'live') {
          logger?.info({ file: file.name, events: checkpoint?.ordinal ?? 0 }, 'the read models are live');
          settle.resolve();
          if (projector === this.#current.projector && this.#pointed !== file.name) this.#use(file.name);
        }
        if (newer !== null) {
          logger?.error({ file: file.name, ...wayOn(newer) }, TOO_OLD);
          settle.reject(new EventStoreError('NEWER', TOO_OLD));
        }
        if (poison === null) return;
        logger?.error(
          { file: file.name, why: poison, ...(poisonEvent ? wayPast(poisonEvent) : {}) },
          'projecting stopped: the read models stay as they are, changes are refused',
        );
        settle.reject(new Error(poison));
      },
      onTrouble: (why, retryInMs) => {
        logger?.warn({ why, retryInMs }, 'the log is out of reach; trying again');
        onTrouble?.(why, retryInMs);
      },
      onProgress,
    };
    const task: ProjectorTask = { file: file.path, building, alone };
    const projector: ProjectorHandle = startThread
      ? new ThreadedProjector(task, startThread, events, readCheckpoint(file.reader))
      : new Projector(task, store, events);
    const stop = async (): Promise<void> => {
      await projector.stop();
      settle.reject(new Error('the read models were closed'));
    };
    return { file, tables, projector, live, stop };
  }

  #reached(projector: ProjectorHandle, checkpoint: Place | null): void {
    if (projector === this.#current.projector && checkpoint) this.#waiters.reach(checkpoint);
  }

  /** Points at a file that has caught up, and removes files that nobody reads. */
  #use(name: string, ...read: readonly string[]): void {
    if (this.#closed) return;
    pointAt(this.#options.directory, name);
    this.#pointed = name;
    const next = this.#next ? [this.#next.file.name] : [];
    const open = [...this.#retired.keys()].map((file) => file.name);
    removeOthers(this.#options.directory, name, ...read, ...next, ...open);
  }

  #retire(file: OpenFile): void {
    const drop = (): void => {
      this.#retired.delete(file);
      file.reader.close();
      removeFile(this.#options.directory, file.name);
    };
    this.#retired.set(file, setTimeout(drop, GRACE_MS).unref());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiters.end();
    await Promise.all([this.#next?.stop(), this.#current.stop()]);
    this.#next?.file.reader.close();
    this.#current.file.reader.close();
    for (const [file, timer] of this.#retired) {
      clearTimeout(timer);
      file.reader.close();
      removeFile(this.#options.directory, file.name);
    }
  }
}
