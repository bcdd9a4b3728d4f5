import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Connection } from './connection';
import { SilenceError } from './errors';
import type { ReadRecord } from './messages';
import { SilenceWatch } from './timing';

export interface ReadOptions {
  /** Whether only the node that leads may answer. */
  readonly leader?: boolean;
  /** The read fails after so long a silence, */
  readonly silenceMs: number;
  /** unless this, when it is given, shows that the server lives and is busy looking; that is believed so often. */
  readonly stillThere?: () => Promise<unknown>;
  /** Ends the read, without an error. */
  readonly signal?: AbortSignal;
}

/** In silences: ten minutes through events of others alone, by default. */
const LONGEST_SEARCH = 60;

/**
 * What the server answers to a read or subscription, in order, as fast as it is taken: nothing is read ahead beyond the
 * small buffers of gRPC. A stream that does not exist is one without events.
 * @throws what gRPC gave, or SilenceError
 */
export async function* responses(
  connection: Connection,
  request: ReadReq,
  { leader = false, silenceMs, stillThere, signal }: ReadOptions,
): AsyncGenerator<ReadResp, void, undefined> {
  if (signal?.aborted) return;
  const { generation } = connection;
  const call = await connection.open('read', leader, (streams, args) => streams.read(request, ...args));
  const ended: { why: Error | 'aborted' | null } = { why: null };
  const end = (why: Error | 'aborted'): void => {
    ended.why ??= why;
    call.cancel();
    call.destroy();
  };
  const lost = (): void => {
    connection.replace(generation, 'a read was not answered');
    end(new SilenceError('reading', silenceMs));
  };
  let asked = 0;
  const watch: SilenceWatch = new SilenceWatch(silenceMs, () => {
    if (stillThere === undefined || ++asked > LONGEST_SEARCH) return lost();
    stillThere().then(() => ended.why === null && watch.wait(), lost);
  });
  const abort = (): void => end('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) return;
    watch.wait();
    for await (const response of call as AsyncIterable<ReadResp>) {
      watch.rest();
      asked = 0;
      yield response;
      if (ended.why !== null) break;
      watch.wait();
    }
    if (ended.why instanceof Error) throw ended.why;
  } catch (error) {
    if (ended.why === 'aborted') return;
    throw ended.why ?? error;
  } finally {
    watch.stop();
    signal?.removeEventListener('abort', abort);
    ended.why ??= 'aborted';
    call.cancel();
  }
}

/** The events of a read. */
export async function* records(
  connection: Connection,
  request: ReadReq,
  options: ReadOptions,
): AsyncGenerator<ReadRecord, void, undefined> {
  for await (const response of responses(connection, request, options)) {
    const record = response.getEvent()?.getEvent();
    if (record !== undefined) yield record;
  }
}

/** The first event of a read, or null where there is none. */
export async function firstRecord(
  connection: Connection,
  request: ReadReq,
  options: ReadOptions,
): Promise<ReadRecord | null> {
  for await (const record of records(connection, request, options)) return record;
  return null;
}
