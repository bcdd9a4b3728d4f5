import { randomUUID } from 'node:crypto';
import { newLine } from '../../shared/line';
import { EventStoreError, type ExpectedRevision } from '../port/event-store';
import type { Connection } from './connection';
import { asEventStoreError } from './errors';
import { decodeRecord, streamRequest } from './messages';
import type { Naming } from './naming';
import { records, type ReadOptions } from './read-call';
import type { Writer } from './writer';

/** Ids of a log: its own, and that of its line. */
export interface LogIds {
  readonly identity: string;
  readonly line: string;
}

/** Lines that a log may take while it is empty; a bound for reading, which nobody comes near. */
const MOST_LINES = 1_000;

/**
 * The identity of a log and its line, on a stream of their own. The first event holds the identity, created by the
 * first process that asks. If several ask at once, the one whose event is recorded wins, and the others read it. The
 * line is the last one that an event names; an earlier version reads the identity alone, and wrote no line.
 */
export class LogIdentity {
  #known: Promise<LogIds> | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly writer: Writer,
    private readonly naming: Naming,
    private readonly options: () => ReadOptions,
  ) {}

  /** Makes what is missing. */
  read(): Promise<LogIds> {
    this.#known ??= this.#readOrMake(newLine()).catch((error: unknown) => {
      this.#known = null;
      throw asEventStoreError(error, 'the identity of the log could not be read');
    });
    return this.#known;
  }

  /** Gives a log that is known to be empty another line; false where somebody else gave it one meanwhile. */
  async takeLine(line: string): Promise<boolean> {
    this.#known = null;
    try {
      const { line: before, revision } = await this.#readOrMake(line);
      if (before === line) return true;
      await this.#write(revision, 'LineTaken', { line });
      return (await this.#present())?.line === line;
    } catch (error) {
      throw asEventStoreError(error, 'the line of the log could not be written');
    }
  }

  async #readOrMake(line: string): Promise<LogIds & { readonly revision: number }> {
    const present = await this.#present();
    if (present !== null) return present;
    const ids = { identity: randomUUID(), line };
    if (await this.#write('no-stream', 'StoreIdentified', ids)) return { ...ids, revision: 0 };
    const winner = await this.#present();
    if (winner !== null) return winner;
    throw new EventStoreError('CORRUPT', `the stream ${this.naming.identityStream} was truncated`);
  }

  async #present(): Promise<(LogIds & { readonly revision: number }) | null> {
    const request = streamRequest(this.naming.identityStream, null, 'forwards', MOST_LINES);
    let identity: string | null = null;
    let line: string | null = null;
    let last = -1;
    for await (const record of records(this.connection, request, this.options())) {
      const { data, revision } = decodeRecord(record, this.naming);
      identity ??= idOf(data['identity']);
      if (data['line'] !== undefined) line = idOf(data['line']);
      last = revision;
    }
    return identity === null ? null : { identity, line: line ?? identity, revision: last };
  }

  /** False where somebody else was first. */
  async #write(expected: ExpectedRevision, type: string, data: object): Promise<boolean> {
    const event = { id: randomUUID(), type, data: JSON.stringify(data), metadata: '{}' };
    const result = await this.writer.append(this.naming.identityStream, expected, [event]);
    return result.outcome === 'appended';
  }
}

function idOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new EventStoreError('CORRUPT', 'the log says no identity where it should');
}
