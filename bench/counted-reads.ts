import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { ClientReadableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';

/**
 * Loaded before a process of Rolebook, and so into each of its threads: writes down every read of the key book’s streams
 * as the client of EventStoreDB sends it, with what came back, a line each into the file that `COUNTED_READS` names.
 */

/** One read that has ended. */
export interface CountedRead {
  readonly process: number;
  readonly thread: number;
  readonly stream: string;
  readonly events: number;
  readonly bytes: number;
}

const KEYS = /-keys\.\d+$/;
const file = process.env['COUNTED_READS'];

type Read = (this: StreamsClient, request: ReadReq, ...rest: unknown[]) => ClientReadableStream<ReadResp>;
const client = StreamsClient.prototype as unknown as { read: Read };
const read = client.read;

client.read = function counted(request, ...rest) {
  const call = read.call(this, request, ...rest);
  const name = request.getOptions()?.getStream()?.getStreamIdentifier()?.getStreamName_asU8();
  const stream = name ? Buffer.from(name).toString() : '';
  if (file !== undefined && KEYS.test(stream)) count(call, file, stream);
  return call;
};

/** A listener of `data` would let the stream flow before its reader is there, so what is pushed is looked at. */
function count(call: ClientReadableStream<ReadResp>, into: string, stream: string): void {
  let [events, bytes] = [0, 0];
  const push = call.push.bind(call) as (message: ReadResp | null) => boolean;
  call.push = (message: ReadResp | null): boolean => {
    if (message?.hasEvent()) {
      events += 1;
      bytes += message.getEvent()?.getEvent()?.getData_asU8().length ?? 0;
    }
    return push(message);
  };
  call.once('status', () => {
    const line: CountedRead = { process: process.pid, thread: threadId, stream, events, bytes };
    appendFileSync(into, `${JSON.stringify(line)}\n`);
  });
}
