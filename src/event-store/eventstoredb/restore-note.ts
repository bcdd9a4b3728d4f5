import { EventStoreError } from '../port/event-store';
import { logInUse, restoreUnfinished } from '../port/reserved';
import type { Connection } from './connection';
import type { Naming } from './naming';
import { appendNote, lastNote } from './notes';
import type { ReadOptions } from './read-call';
import type { Writer } from './writer';

const BEGAN = 'RestoreBegan';
const ENDED = 'RestoreEnded';

/** Note on the server that a restore fills the log: the last event of a stream outside the prefix, so no part of the log. */
export class RestoreNote {
  constructor(
    private readonly connection: Connection,
    private readonly writer: Writer,
    private readonly naming: Naming,
    private readonly options: ReadOptions,
  ) {}

  /** @throws EventStoreError `RESTORE_UNFINISHED` where a restore began and did not end */
  async demandNone(): Promise<void> {
    if ((await this.#last())?.type === BEGAN)
      throw restoreUnfinished(this.#where, 'use another ROLEBOOK_STREAM_PREFIX');
  }

  /** Reserves a log that holds no events, or one that was reserved before. @throws EventStoreError `LOG_IN_USE` */
  async begin(isEmpty: () => Promise<boolean>): Promise<void> {
    const last = await this.#last();
    if (last?.type === BEGAN) return;
    if (!(await isEmpty())) throw logInUse(this.#where);
    await this.#append(BEGAN, last?.revision ?? null);
    // A server may have begun to write between the look and the note.
    if (await isEmpty()) return;
    await this.end();
    throw logInUse(this.#where);
  }

  async end(): Promise<void> {
    const last = await this.#last();
    if (last?.type === BEGAN) await this.#append(ENDED, last.revision);
  }

  get #where(): string {
    return `the streams ${this.naming.onServer('rolebook.')}* of EventStoreDB`;
  }

  #last(): ReturnType<typeof lastNote> {
    const { connection, naming, options } = this;
    return lastNote(connection, naming, { stream: naming.restoreStream, options });
  }

  async #append(type: string, after: number | null): Promise<void> {
    if (await appendNote(this.writer, this.naming.restoreStream, after, { type, data: {} })) return;
    throw new EventStoreError('LOCKED', `another restore into ${this.#where} is under way`);
  }
}
