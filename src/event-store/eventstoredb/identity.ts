import { randomUUID } from 'node:crypto';
import { EventStoreError } from '../port/event-store';
import type { Connection } from './connection';
import { decodeRecord, streamRequest } from './messages';
import type { Naming } from './naming';
import { firstRecord, type ReadOptions } from './read-call';
import type { Writer } from './writer';

/**
 * The identity of a log, created by the first process that asks. If several ask at once, the one whose event is
 * recorded wins, and the others read it.
 */
export async function readIdentity(
  connection: Connection,
  writer: Writer,
  naming: Naming,
  options: ReadOptions,
): Promise<string> {
  const stream = naming.identityStream;
  const request = streamRequest(stream, null, 'forwards', 1);
  const read = async (): Promise<string | null> => {
    const record = await firstRecord(connection, request, options);
    return record === null ? null : identityOf(decodeRecord(record, naming).data['identity']);
  };
  const present = await read();
  if (present !== null) return present;
  const identity = randomUUID();
  const event = {
    id: randomUUID(),
    type: 'StoreIdentified',
    data: JSON.stringify({ identity }),
    metadata: '{}',
  };
  const result = await writer.append(stream, 'no-stream', [event]);
  if (result.outcome === 'appended') return identity;
  const winner = await read();
  if (winner === null) throw new EventStoreError('CORRUPT', `the stream ${stream} was truncated`);
  return winner;
}

function identityOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new EventStoreError('CORRUPT', 'the log says no identity where it should');
}
