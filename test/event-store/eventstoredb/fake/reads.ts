import type { ServerWritableStream } from '@grpc/grpc-js';
import { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp, type ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { streamOf, type FakeLog, type FakeRecord } from './log';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Answers reads and subscriptions from a log as EventStoreDB does, and sends no faster than the client takes. */
export class FakeReads {
  /** Events handed to the network so far. */
  sent = 0;

  constructor(private readonly log: FakeLog) {}

  async answer(call: ReadCall): Promise<void> {
    const options = call.request.getOptions();
    if (options === undefined) throw new Error('a read without options');
    if (options.hasSubscription()) return this.#follow(call, options);
    const found = options.hasStream() ? this.#stream(call, options) : this.#all(options);
    for (const record of found.slice(0, Number(options.getCount())))
      await this.send(call, eventResponse(record));
    call.end();
  }

  /** Sends one message, and waits while the client does not take more. */
  async send(call: ReadCall, response: ReadResp): Promise<void> {
    if (call.cancelled) return;
    if (response.hasEvent()) this.sent++;
    if (call.write(response)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        call.off('drain', go).off('cancelled', go);
        resolve();
      };
      call.once('drain', go).once('cancelled', go);
    });
  }

  sendEvent(call: ReadCall, record: FakeRecord): Promise<void> {
    return this.send(call, eventResponse(record));
  }

  #stream(call: ReadCall, options: ReadReq.Options): readonly FakeRecord[] {
    const of = options.getStream();
    const name = Buffer.from(of?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    const records = this.log.stream(name);
    if (records.length === 0) call.write(notFound(name));
    if (options.getReadDirection() === 0)
      return of?.hasRevision() ? records.slice(Number(of.getRevision())) : records;
    return (of?.hasRevision() ? records.slice(0, Number(of.getRevision()) + 1) : [...records]).reverse();
  }

  #all(options: ReadReq.Options): FakeRecord[] {
    const from = positionIn(options);
    const ours = this.log.all.filter(filterIn(options));
    if (options.getReadDirection() !== 0) return [...ours].reverse();
    return ours.filter((record) => from === null || BigInt(record.getCommitPosition()) >= from);
  }

  async #follow(call: ReadCall, options: ReadReq.Options): Promise<void> {
    const wanted = filterIn(options);
    const after = positionIn(options) ?? -1n;
    let wake: () => void = () => undefined;
    const unlisten = this.log.listen(() => wake());
    call.on('cancelled', () => wake());
    await this.send(call, confirmation());
    for (let next = 0; !call.cancelled;) {
      const record = this.log.all[next];
      if (record === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      next++;
      if (wanted(record) && BigInt(record.getCommitPosition()) > after)
        await this.send(call, eventResponse(record));
    }
    unlisten();
  }
}

export function eventResponse(record: FakeRecord): ReadResp {
  const event = new ReadResp.ReadEvent();
  event.setEvent(record);
  event.setCommitPosition(record.getCommitPosition());
  const response = new ReadResp();
  response.setEvent(event);
  return response;
}

export function checkpoint(position: bigint): ReadResp {
  const message = new ReadResp.Checkpoint();
  message.setCommitPosition(position.toString());
  message.setPreparePosition(position.toString());
  const response = new ReadResp();
  response.setCheckpoint(message);
  return response;
}

export function confirmation(): ReadResp {
  const message = new ReadResp.SubscriptionConfirmation();
  message.setSubscriptionId('fake');
  const response = new ReadResp();
  response.setConfirmation(message);
  return response;
}

function notFound(stream: string): ReadResp {
  const identifier = new StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  const message = new ReadResp.StreamNotFound();
  message.setStreamIdentifier(identifier);
  const response = new ReadResp();
  response.setStreamNotFound(message);
  return response;
}

export const isSubscription = (call: ReadCall): boolean =>
  call.request.getOptions()?.hasSubscription() ?? false;
export const isOfStream = (call: ReadCall): boolean => call.request.getOptions()?.hasStream() ?? false;

function positionIn(options: ReadReq.Options): bigint | null {
  const position = options.getAll()?.getPosition();
  return position === undefined ? null : BigInt(position.getCommitPosition());
}

/** .NET and JavaScript read the expressions that we use alike. */
function filterIn(options: ReadReq.Options): (record: FakeRecord) => boolean {
  const by = options.getFilter()?.getStreamIdentifier();
  const regex = new RegExp(by?.getRegex() ?? '');
  const prefixes = by?.getPrefixList() ?? [];
  return (record) => {
    const stream = streamOf(record);
    return regex.test(stream) && (prefixes.length === 0 || prefixes.some((each) => stream.startsWith(each)));
  };
}
