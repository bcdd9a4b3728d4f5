import { randomUUID } from 'node:crypto';
import { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { AppendResult, ExpectedRevision } from '../../../../src/event-store/port/event-store';
import { decideAppend } from '../../../../src/event-store/local/decide-append';

export type FakeRecord = ReadResp.ReadEvent.RecordedEvent;

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The log behind the fake server: what was appended, and what a test puts there that no append of ours would. */
export class FakeLog {
  readonly all: FakeRecord[] = [];
  /** The server's clock. */
  now: () => number = Date.now;
  readonly #streams = new Map<string, FakeRecord[]>();
  readonly #listeners = new Set<() => void>();

  append(stream: string, expected: ExpectedRevision, events: readonly Proposed[]): AppendResult {
    const present = this.stream(stream);
    const decision = decideAppend(
      expected,
      events.map(({ id }) => id),
      {
        last: present.length - 1,
        slice: (from, count) =>
          present.slice(from, from + count).map((record) => ({
            id: record.getId()?.getString() ?? '',
            position: BigInt(record.getCommitPosition()),
          })),
      },
    );
    if (decision.outcome !== 'write') return decision;
    events.forEach((event, index) => this.put(this.record(stream, present.length + index, event)));
    const position = BigInt(this.all.at(-1)?.getCommitPosition() ?? '0');
    return { outcome: 'appended', revision: decision.first + events.length - 1, position };
  }

  /** Someone else's event, which filters must leave out. */
  foreign(stream = '$stats-0.0.0.0:2113', data = '{}'): void {
    const event = {
      id: randomUUID(),
      type: '$statsCollected',
      data: Buffer.from(data),
      metadata: Buffer.alloc(0),
    };
    this.put(this.record(stream, this.stream(stream).length, event));
  }

  /** A record as it would stand next in the log. */
  record(stream: string, revision: number, { id, type, data, metadata }: Proposed): FakeRecord {
    const record = new ReadResp.ReadEvent.RecordedEvent();
    const uuid = new UUID();
    uuid.setString(id);
    record.setId(uuid);
    const identifier = new StreamIdentifier();
    identifier.setStreamName(Buffer.from(stream));
    record.setStreamIdentifier(identifier);
    record.setStreamRevision(String(revision));
    const position = String((this.all.length + 1) * 1_000);
    record.setCommitPosition(position);
    record.setPreparePosition(position);
    record.getMetadataMap().set('type', type).set('content-type', 'application/json');
    record.getMetadataMap().set('created', String(BigInt(this.now()) * 10_000n));
    record.setData(data);
    record.setCustomMetadata(metadata);
    return record;
  }

  put(record: FakeRecord): void {
    this.all.push(record);
    const stream = streamOf(record);
    this.#streams.set(stream, [...this.stream(stream), record]);
    for (const listener of this.#listeners) listener();
  }

  /** Drops all but the first events, as a log has that was restored from an older copy. */
  cut(count: number): void {
    const kept = this.all.splice(0).slice(0, count);
    this.#streams.clear();
    for (const record of kept) this.put(record);
  }

  stream(name: string): readonly FakeRecord[] {
    return this.#streams.get(name) ?? [];
  }

  /** Calls back after every event, until what is returned is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export const streamOf = (record: FakeRecord): string =>
  Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
