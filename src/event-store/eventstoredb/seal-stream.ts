import { isDeepStrictEqual } from 'node:util';
import { EventStoreError, type JsonObject } from '../port/event-store';
import type { SealRecord, SealStore } from '../port/seal-store';
import { DocumentStreams } from './document-streams';
import type { EventStoreDbOptions } from './options';

const TYPE = 'Seal';

/** Opens the seals of a log. Nothing is sent yet. @throws EventStoreError for a malformed URL */
export const openEventStoreDbSeals = (options: EventStoreDbOptions): SealStore =>
  new SealStream(new DocumentStreams(options, 'seals'));

/** Seals in a stream beside the log, whose name does not begin with the log's prefix. */
class SealStream implements SealStore {
  constructor(private readonly documents: DocumentStreams) {}

  last(): Promise<SealRecord | null> {
    return this.documents.read(this.#stream);
  }

  read(): AsyncIterable<SealRecord> {
    return this.documents.readAll(this.#stream);
  }

  async append(after: number | null, data: JsonObject): Promise<boolean> {
    try {
      return await this.documents.write(this.#stream, after, TYPE, data);
    } catch (error) {
      if (!(error instanceof EventStoreError) || error.code !== 'UNKNOWN_OUTCOME') throw error;
      const last = await this.last();
      const isOurs = last?.revision === (after ?? -1) + 1 && isDeepStrictEqual(last.data, data);
      if (isOurs) return true;
      if ((last?.revision ?? null) !== after) return false;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.documents.close();
  }

  get #stream(): string {
    return this.documents.naming.sealStream;
  }
}
