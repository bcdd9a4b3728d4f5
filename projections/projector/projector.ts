import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  EventStoreError,
  NewerEventError,
  type EventStore,
  type RecordedEvent,
} from '../../src/event-store/port/event-store';
import { demandReadable } from '../../src/repair/newer';
import { isRepair, readVoids, type Voids } from '../../src/repair/voids';
import { backoff } from '../../src/shared/backoff';
import { OwnTurns } from '../../src/shared/turns';
import { BEFORE_FIRST, ordinalFrom } from '../numbers';
import { checkEvent, endsAppend, PoisonError } from '../reducers/checked-event';
import { feedOf } from '../reducers/feed';
import { reduce } from '../reducers/reduce';
import { addPlace, addVoided } from '../reducers/voided';
import { FIRST_SCHEMA, noteSchema } from '../tables/applied-schema';
import { QUERY_INDEXES } from '../tables/schema';
import { openWriter, type Sql } from '../tables/sqlite/sql';
import { completeParts } from '../tables/event-parts';
import { TableWriter } from '../tables/table-writer';
import { addMoment, readCheckpoint, type Checkpoint } from '../tables/timeline';
import { indexUser, unindexUser } from '../tables/search/user-search-index';
import type { ReplicaStatus } from '../view';
import { AppendBuffer } from './append-buffer';
import { CatchUpProgress } from './catch-up-progress';
import { blame, describeError, isEventFault } from './is-event-fault';
import { Cleaner } from './cleaner';
import { continues } from './log-check';
import type { ProjectorHandle, ProjectorEvents, ProjectorState } from './projector-handle';
import { LogDiffersError, stopOf, VoidsGrewError } from './stops';
import { untilVoided } from './until-voided';

/** Task of a projector. Plain data, since it may run in another thread. */
export interface ProjectorTask {
  /** Path of the file of read models; it exists. */
  readonly file: string;
  /** A file that is being built, not continued. */
  readonly building: boolean;
  /** True if nothing queries meanwhile, as with an operator's command that runs alone. */
  readonly alone: boolean;
}

/**
 * Events per transaction while catching up, and pages of the write-ahead log after which it is checkpointed. Larger
 * values are faster, but new events become visible later and queries have more of the log to search.
 */
export const PACE = {
  unseen: { batch: 20_000, checkpoint: 64_000 },
  served: { batch: 2_000, checkpoint: 16_000 },
} as const;
/** Cost of applying an event, in rows read. */
const EVENT = 20;
/** The longest pause delays the resubscription to a log that is back by as much. */
const pauseAfter = backoff({ first: 100, longest: 2_000, jitter: 0.5 });

/**
 * Fills the tables from the log: one sequential consumer, whole appends only, rows and checkpoint in one transaction.
 * It resubscribes from what it committed when the log is lost, and stops at an event that cannot be applied, or that this
 * program is too old for, until that is declared void.
 */
export class Projector implements ProjectorHandle {
  readonly #sql: Sql;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #state: ReplicaStatus['state'];
  #checkpoint: Checkpoint | null;
  /** The checkpoint as others are told of it: an erasure counts as projected once nothing is left of the user. */
  #shown: Checkpoint | null;
  #behindSince: number | null = Date.now();
  /** Why it stopped at an event, if it did: poison, or an event that is newer than this program. */
  #stop: unknown = null;
  #intake: AppendBuffer | null = null;
  /** After a fault each append is committed alone, so that all appends before the faulty one are kept. */
  #oneByOne = false;
  #inTransaction = false;
  #building: boolean;
  #uncommitted = 0;
  #failures = 0;
  /** Schema version that the tables are known to be marked with. */
  #noted = FIRST_SCHEMA;
  readonly #turns = new OwnTurns();
  readonly #cleaner: Cleaner;
  /** Time of the last sign of life from the log. */
  #heardAt = Date.now();
  /** Time at which the last sound event that was applied was recorded; null before there was one. */
  #recordedAt: number | null = null;

  constructor(
    private readonly task: ProjectorTask,
    private readonly store: EventStore,
    private readonly events: ProjectorEvents,
  ) {
    this.#sql = openWriter(task.file);
    this.#state = task.building ? 'rebuilding' : 'starting';
    this.#building = task.building;
    // Nobody reads a file that is being built, and it is written anew at the end if it has an erased user.
    this.#sql.overwriteDeleted(!task.building);
    this.#setCheckpoints();
    this.#checkpoint = readCheckpoint(this.#sql);
    this.#shown = this.#checkpoint;
    this.#cleaner = new Cleaner(this.#sql, this.#stopping.signal);
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#intake?.release();
    await this.#running;
    this.#state = 'stopped';
    this.#behindSince ??= Date.now();
    this.#sql.close();
  }

  get state(): ProjectorState {
    return {
      state: this.#state,
      checkpoint: this.#shown,
      behindSince: this.#behindSince,
      waiting: (this.#intake?.waiting ?? 0) + this.#uncommitted,
      ...stopOf(this.#stop),
      clockSkewMs: this.store.clockSkewMs?.() ?? null,
    };
  }

  #tell(): void {
    this.events.onState(this.state);
  }

  /** The log has events that are not in the tables, or may have. */
  #behind(since = Date.now()): void {
    if (this.#behindSince !== null) return;
    this.#behindSince = since;
    this.#tell();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const subscription = new AbortController();
      const signal = AbortSignal.any([this.#stopping.signal, subscription.signal]);
      try {
        await this.#follow(signal);
        if (signal.aborted) return;
        throw new EventStoreError('UNAVAILABLE', 'the subscription ended');
      } catch (error) {
        this.#rollback();
        subscription.abort();
        this.#intake?.release();
        if (this.#stopping.signal.aborted) return;
        if (error instanceof VoidsGrewError) continue;
        // A silence is noticed long after its start.
        this.#behind(this.#heardAt);
        if (isEventFault(error)) {
          // The list of void events is reread before an event is blamed.
          if (!this.#oneByOne && !(error instanceof LogDiffersError)) this.#oneByOne = true;
          else if (!(await this.#stopAt(error))) return;
        } else await this.#pause(error);
      }
    }
  }

  /** Waits until the event is declared void. Returns false if no event could be. */
  async #stopAt(error: unknown): Promise<boolean> {
    await this.#finishBuild();
    this.#become(error instanceof NewerEventError ? 'newer' : 'poisoned', error);
    if (!(error instanceof PoisonError || error instanceof NewerEventError)) return false;
    await untilVoided(this.store, error.event, this.#stopping.signal);
    this.#become('starting', null);
    return true;
  }

  #become(state: ReplicaStatus['state'], stop: unknown): void {
    this.#state = state;
    this.#stop = stop;
    this.#tell();
  }

  /** Exponential backoff with jitter, so that replicas do not reconnect all at once. */
  async #pause(error: unknown): Promise<void> {
    if (this.#state === 'live') this.#state = 'stale';
    this.#tell();
    const pause = Math.round(pauseAfter((this.#failures += 1)));
    this.events.onTrouble?.(describeError(error), pause);
    await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { store } = this;
    const voids = await readVoids(store);
    if (!(await continues(store, this.#sql, voids))) throw new LogDiffersError();
    await this.#clean();
    this.#shown = this.#checkpoint;
    const writing = new TableWriter(this.#sql);
    const pace = new CatchUpProgress((await store.head())?.position ?? null);
    const items = store.subscribe({ after: this.#checkpoint?.position, signal });
    const intake = new AppendBuffer(items, () => this.#behind());
    this.#intake = intake;
    for (let live = false; ;) {
      const taken = await intake.take();
      if (taken === null) return;
      this.#heardAt = Date.now();
      await this.#applyAll(writing, taken.events, voids, signal);
      if (signal.aborted) return this.#rollback();
      live ||= taken.caughtUp;
      // While catching up, a transaction spans several deliveries.
      if (live) await this.#keepUp(writing, taken.caughtUp ? intake : null);
      else if (pace.isDue()) this.events.onProgress?.(pace.progress(this.#checkpoint));
    }
  }

  /** Commits a delivery once the head was reached. `caughtUp`: the events that wait, if that was just now. */
  async #keepUp(writing: TableWriter, caughtUp: AppendBuffer | null): Promise<void> {
    if (this.#building) await this.#commit(writing);
    await this.#finishBuild();
    // All events up to the head are applied: any missing ones came later.
    if (caughtUp) this.#behindSince = caughtUp.waitingSince;
    if (this.#state !== 'live') this.#becomeLive();
    else if (!this.#inTransaction) this.#tell();
    await this.#commit(writing);
  }

  /** Creates the indexes that queries need and building does not. */
  async #finishBuild(): Promise<void> {
    if (!this.#building) return;
    for (const index of QUERY_INDEXES) {
      this.#sql.exec(index);
      await nextTurn();
    }
    this.#sql.overwriteDeleted(true);
    await this.#cleaner.clean();
    this.#sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#building = false;
    this.#setCheckpoints();
  }

  /** Once a file is built, which has no indexes before, and whenever somebody was erased since. */
  async #clean(): Promise<void> {
    if (!this.#building) await this.#cleaner.clean();
  }

  get #pace(): (typeof PACE)[keyof typeof PACE] {
    return this.#building || this.task.alone ? PACE.unseen : PACE.served;
  }

  #setCheckpoints(): void {
    this.#sql.exec(`PRAGMA wal_autocheckpoint = ${this.#pace.checkpoint}`);
  }

  #becomeLive(): void {
    this.#state = 'live';
    this.#failures = 0;
    this.#oneByOne = false;
    if (!this.#inTransaction) this.#tell();
  }

  async #applyAll(
    writing: TableWriter,
    events: readonly RecordedEvent[],
    voids: Voids,
    signal: AbortSignal,
  ): Promise<void> {
    for (const event of events) {
      await this.#turns.before(EVENT);
      if (signal.aborted) return;
      if (!this.#inTransaction) this.#begin();
      const { ordinal } = this.#reached;
      const time = this.#apply(writing, event, voids);
      this.#uncommitted += 1;
      this.#reached = { ordinal: ordinalFrom(ordinal, 1), time, position: event.position, eventId: event.id };
      if (endsAppend(event) && (this.#oneByOne || this.#uncommitted >= this.#pace.batch)) {
        await this.#commit(writing);
      }
    }
  }

  /** Returns the time that the time line has reached. */
  #apply(writing: TableWriter, event: RecordedEvent, voids: Voids): number {
    const { ordinal, time: before } = this.#reached;
    const declared = voids.of(event);
    if (!declared) demandReadable(event);
    if (declared || isRepair(event.stream)) {
      // It may name an event that these tables applied, or a later one.
      const read = voids.through !== null && event.position <= voids.through;
      if (!read && isRepair(event.stream)) throw new VoidsGrewError();
      const time = addPlace(writing, event, this.#reached);
      if (declared) addVoided(writing, event, declared, { ordinal: ordinalFrom(ordinal, 1), time });
      return time;
    }
    try {
      const logged = checkEvent(event, ordinalFrom(ordinal, 1));
      reduce(writing, logged);
      this.#note(logged.schema);
      const time = addMoment(writing, logged, before, feedOf(writing, logged.stream));
      this.#recordedAt = logged.at;
      // Buffered rows reveal a fault only when they are written.
      if (this.#oneByOne) writing.flush();
      return time;
    } catch (error) {
      throw blame(event, error);
    }
  }

  /** Marks the tables when an event of a higher schema version than before goes into them. */
  #note(schema: number): void {
    if (schema <= this.#noted) return;
    noteSchema(this.#sql, schema);
    this.#noted = schema;
  }

  /** The last event applied, committed or not. */
  #pending: Checkpoint | null = null;
  get #reached(): Pick<Checkpoint, 'ordinal' | 'time'> {
    return this.#pending ?? this.#checkpoint ?? { ordinal: BEFORE_FIRST, time: -Infinity };
  }
  set #reached(reached: Checkpoint) {
    this.#pending = reached;
  }

  #begin(): void {
    this.#sql.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
  }

  async #commit(writing: TableWriter): Promise<void> {
    if (!this.#inTransaction) return;
    writing.flush();
    completeParts(this.#sql, this.#checkpoint?.ordinal ?? BEFORE_FIRST, this.#reached.ordinal);
    for (const user of writing.takeUnindexed()) {
      indexUser(writing, user);
      await this.#turns.before(EVENT);
    }
    const forgotten = writing.takeForgotten();
    for (const user of forgotten) {
      unindexUser(writing, user);
      await this.#turns.before(EVENT);
    }
    this.#sql.exec('COMMIT');
    this.#inTransaction = false;
    this.#uncommitted = 0;
    this.#checkpoint = this.#pending;
    this.#pending = null;
    if (forgotten.length > 0) await this.#clean();
    this.#shown = this.#checkpoint;
    this.#advance();
    this.#tell();
  }

  /**
   * True if all missing events came after the last event that is here. Beside writers that never pause, the log's head
   * is never reached, and yet nothing recorded before that event is missing.
   */
  #advance(): void {
    if (this.#behindSince === null || this.#recordedAt === null) return;
    this.#behindSince = Math.max(this.#behindSince, Math.min(this.#recordedAt, Date.now()));
  }

  #rollback(): void {
    this.#pending = null;
    this.#uncommitted = 0;
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    this.#noted = FIRST_SCHEMA;
    // SQLite has rolled back by itself after some errors.
    if (this.#sql.database.isTransaction) this.#sql.exec('ROLLBACK');
  }
}
