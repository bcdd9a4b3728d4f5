import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../port/event-store';
import type { Connection } from './connection';
import { decodeRecord, streamRequest } from './messages';
import type { Naming } from './naming';
import { firstRecord, type ReadOptions } from './read-call';
import type { Writer } from './writer';

/** Events of the adapter's own, on streams beside the log. */

/** The last event of a stream as the node of the connection has it; null where there is none. @throws EventStoreError */
export async function lastNote(
  connection: Connection,
  naming: Naming,
  { stream, options }: { readonly stream: string; readonly options: ReadOptions },
): Promise<ReturnType<typeof decodeRecord> | null> {
  const record = await firstRecord(connection, streamRequest(stream, null, 'backwards', 1), options);
  return record === null ? null : decodeRecord(record, naming);
}

/**
 * Appends one event behind a revision (null: to a stream without events). False for a conflict.
 * @throws EventStoreError
 */
export async function appendNote(
  writer: Writer,
  stream: string,
  after: number | null,
  { type, data }: { readonly type: string; readonly data: JsonObject },
): Promise<boolean> {
  const event = { id: randomUUID(), type, data: JSON.stringify(data), metadata: '{}' };
  const { outcome } = await writer.append(stream, after ?? 'no-stream', [event]);
  return outcome === 'appended';
}
