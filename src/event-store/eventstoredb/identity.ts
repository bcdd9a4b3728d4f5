import { randomUUID } from 'node:crypto';
import { newLine, type LogIds } from '../../shared/line';
import { isDeepStrictEqual } from 'node:util';
import { EventStoreError, type LogFormat, type LogOrigin } from '../port/event-store';
import { logFormatOf, logOriginOf } from '../port/log-format';
import type { Connection } from './connection';
import { asEventStoreError } from './errors';
import { decodeRecord, streamRequest } from './messages';
import type { Naming } from './naming';
import { appendNote } from './notes';
import { records, type ReadOptions } from './read-call';
import type { Writer } from './writer';

/** Notes of a log: its own id, that of its line, its format, and the log that it is the encrypted copy of. */
export interface LogNotes extends LogIds {
  readonly format: LogFormat;
  readonly origin: LogOrigin | null;
}

/** Notes that an empty log may take of the one that is copied here. */
export type Taken = Partial<Omit<LogNotes, 'identity'>>;

/** Notes that a log may take while it is empty; a bound for reading, which nobody comes near. */
const MOST_NOTES = 1_000;

/**
 * The identity of a log and its other notes, on a stream of their own. The first event holds the identity, created by the
 * first process that asks. If several ask at once, the one whose event is recorded wins, and the others read it. Of the
 * other notes the last one that an event names holds; an earlier version reads the identity alone, and wrote nothing else.
 */
export class LogIdentity {
  #known: Promise<LogNotes> | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly writer: Writer,
    private readonly naming: Naming,
    private readonly settings: { readonly reads: () => ReadOptions; readonly formatOfNew: LogFormat },
  ) {}

  /** Makes what is missing. */
  read(): Promise<LogNotes> {
    this.#known ??= this.#readOrMake({}).catch((error: unknown) => {
      this.#known = null;
      throw asEventStoreError(error, 'the identity of the log could not be read');
    });
    return this.#known;
  }

  /** Gives a log that is known to be empty other notes; false where somebody else gave it one meanwhile. */
  async take(taken: Taken): Promise<boolean> {
    this.#known = null;
    try {
      const { revision, ...before } = await this.#readOrMake(taken);
      if (has(before, taken)) return true;
      const type = taken.format === undefined ? 'LineTaken' : 'FormatTaken';
      await appendNote(this.writer, this.naming.identityStream, revision, { type, data: { ...taken } });
      const present = await this.#present();
      return present !== null && has(present, taken);
    } catch (error) {
      throw asEventStoreError(error, 'the identity of the log could not be written');
    }
  }

  async #readOrMake(taken: Taken): Promise<LogNotes & { readonly revision: number }> {
    const present = await this.#present();
    if (present !== null) return present;
    const { formatOfNew: format } = this.settings;
    const notes: LogNotes = { identity: randomUUID(), line: newLine(), format, origin: null, ...taken };
    const made = { type: 'StoreIdentified', data: { ...notes } };
    if (await appendNote(this.writer, this.naming.identityStream, null, made))
      return { ...notes, revision: 0 };
    const winner = await this.#present();
    if (winner !== null) return winner;
    throw new EventStoreError('CORRUPT', `the stream ${this.naming.identityStream} was truncated`);
  }

  async #present(): Promise<(LogNotes & { readonly revision: number }) | null> {
    const request = streamRequest(this.naming.identityStream, null, 'forwards', MOST_NOTES);
    let identity: string | null = null;
    let line: string | null = null;
    let format: unknown = null;
    let origin: unknown = null;
    let last = -1;
    for await (const record of records(this.connection, request, this.settings.reads())) {
      const { data, revision } = decodeRecord(record, this.naming);
      identity ??= idOf(data['identity']);
      if (data['line'] !== undefined) line = idOf(data['line']);
      format = data['format'] ?? format;
      if (data['origin'] !== undefined) origin = data['origin'];
      last = revision;
    }
    if (identity === null) return null;
    return {
      identity,
      line: line ?? identity,
      format: logFormatOf(format),
      origin: logOriginOf(origin),
      revision: last,
    };
  }
}

const has = (notes: LogNotes, taken: Taken): boolean => isDeepStrictEqual({ ...notes, ...taken }, notes);

function idOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new EventStoreError('CORRUPT', 'the log says no identity where it should');
}
