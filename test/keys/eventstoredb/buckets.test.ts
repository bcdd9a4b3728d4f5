import { randomBytes } from 'node:crypto';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { firstSegmentOf, newSegmentId } from '../../../src/keys/key-id';
import { openKeyBook } from '../../../src/keys/book/key-book';
import type { NewSegment } from '../../../src/keys/port/segment-store';
import { bucketOf } from '../../../src/keys/stores/eventstoredb/bucket';
import { collect, newEvents, newStream, write } from '../../event-store/contract/controls';
import { accessDenied, errorAnswer, readAppend } from '../../event-store/eventstoredb/fake/answers';
import { FakeControls, QUICK } from '../../event-store/eventstoredb/fake/controls';
import { streamOf } from '../../event-store/eventstoredb/fake/log';
import { endBadly, type FakeEventStoreDb } from '../../event-store/eventstoredb/fake/server';
import { allSegments, failureOf, hexOf, lookUp, masters, type Place } from '../contract/controls';
import { newServerPlace } from './place';

/** Buckets of the key book on a server, which may not answer, or refuse. */
describe('buckets of the key book in EventStoreDB', () => {
  const controls = new FakeControls();
  let server: FakeEventStoreDb;
  let place: Place;
  beforeEach(async () => {
    server = await controls.server();
    place = newServerPlace({ url: server.url, timeouts: QUICK });
  });
  afterEach(async () => {
    await place.close();
    await controls.cleanUp();
  });

  const newSegment = (id = newSegmentId()): NewSegment => ({ id, account: 'acme', blob: randomBytes(300) });
  /** An id in the bucket of another one. */
  const besides = (id: string): string => {
    for (;;) {
      const other = newSegmentId();
      if (other !== id && bucketOf(other) === bucketOf(id)) return other;
    }
  };
  const nameOf = (id: string): string => `rolebook-keys.${bucketOf(id)}`;
  const isOfKeys = (request: BatchAppendReq): boolean =>
    readAppend(request).stream.startsWith('rolebook-keys.');

  it('are streams of whole buckets, described when they are made, that no reader of the log is given', async () => {
    const store = await place.open();
    const log = await controls.open(server);
    const [one, other] = [newSegment(), newSegment()];
    const beside = newSegment(besides(one.id));
    for (const segment of [one, other, beside]) await store.create(segment);
    const stream = newStream();
    await write(log, stream, newEvents(2));

    const events = server.log.stream(nameOf(one.id));
    expect(events).toHaveLength(2);
    const bucket = JSON.parse(Buffer.from(events[1]!.getData_asU8()).toString()) as {
      segments: { id: string }[];
    };
    expect(bucket.segments.map(({ id }) => id).sort()).toEqual([one.id, beside.id].sort());
    const metadata = server.log.stream(`$$${nameOf(one.id)}`);
    expect(metadata.map((event) => Buffer.from(event.getData_asU8()).toString())).toEqual([
      '{"$maxCount":1}',
    ]);

    expect((await collect(log.readAll())).map((event) => event.stream)).toEqual([stream, stream]);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const item of log.subscribe({ signal: stop.signal })) {
      if (item.kind === 'event') seen.push(item.event.stream);
      else stop.abort();
    }
    expect(seen).toEqual([stream, stream]);
    expect((await log.head())?.stream).toBe(stream);
  });

  it('of one installation are not those of another', async () => {
    const other = newServerPlace({ url: server.url, streamPrefix: 'rolebook_staging' });
    const [mine, theirs] = [await place.open(), await other.open()];
    await mine.create(newSegment());
    expect(await allSegments(theirs)).toEqual([]);
    await theirs.create(newSegment());
    expect(await allSegments(mine)).toHaveLength(1);
    await other.close();
    const names = [...new Set(server.log.all.map(streamOf))].filter((name) => !name.startsWith('$$'));
    expect(names.map((name) => name.replace(/\d+$/, ''))).toEqual([
      'rolebook-keys.',
      'rolebook_staging-keys.',
    ]);
  });

  it('are all read by 256 reads', async () => {
    const store = await place.open();
    for (let n = 0; n < 30; n += 1) await store.create(newSegment());
    let reads = 0;
    server.onRead = (_call, properly) => {
      reads += 1;
      properly();
    };
    expect(await allSegments(store)).toHaveLength(30);
    expect(reads).toBe(256);
  });

  it.each([
    ['before it was written', false],
    ['after it was written', true],
  ])('are written once though an answer is lost %s', async (_, written) => {
    const store = await place.open();
    const segment = newSegment();
    let lost = 0;
    server.onAppend = (_call, request, properly) => {
      const isBucket = isOfKeys(request);
      if (!isBucket || lost > 0) return properly();
      lost += 1;
      if (written) server.decide(request);
    };
    expect(await store.create(segment)).toBe(true);
    expect(await store.read(segment.id)).toEqual({ ...segment, revision: 0 });
    lost = 0;
    const blob = randomBytes(100);
    expect(await store.replace([{ id: segment.id, expected: 0, blob }])).toEqual([]);
    expect(await store.read(segment.id)).toEqual({ ...segment, revision: 1, blob });
    expect(server.log.stream(nameOf(segment.id))).toHaveLength(2);
  });

  it('of a server that never answers are unavailable, and usable afterwards', async () => {
    const store = await place.open();
    const segment = newSegment();
    server.stop();
    expect(await failureOf(store.create(segment))).toBe('UNAVAILABLE');
    expect(await failureOf(store.read(segment.id))).toBe('UNAVAILABLE');
    await server.start();
    expect(await store.create(segment)).toBe(true);
  });

  it('that the server does not let us write are denied, and metadata that it does not are done without', async () => {
    const store = await place.open();
    server.onAppend = (call, request, properly) =>
      readAppend(request).stream.startsWith('$$')
        ? void call.write(errorAnswer(request, 'AccessDenied'))
        : properly();
    expect(await store.create(newSegment())).toBe(true);
    server.onAppend = (call, request) => void call.write(errorAnswer(request, 'AccessDenied'));
    expect(await failureOf(store.create(newSegment()))).toBe('DENIED');
    server.onRead = (call) => endBadly(call, accessDenied());
    expect(await failureOf(store.read(newSegmentId()))).toBe('DENIED');
  });

  it('with something else in them are corrupt', async () => {
    const store = await place.open();
    const id = newSegmentId();
    for (const data of ['{}', '{"segments":[{}]}', '{"segments":[null]}', 'text']) {
      const event = { id: '6f9619ff-8b86-4011-b42d-00c04fc964ff', type: 'x', data: Buffer.from(data) };
      const stream = nameOf(id);
      const revision = server.log.stream(stream).length;
      server.log.put(server.log.record(stream, revision, { ...event, metadata: Buffer.from('{}') }));
      expect(await failureOf(store.read(id))).toBe('KEY_BOOK_CORRUPT');
    }
  });

  describe('that are full', () => {
    const bucketBytes = 3_000;
    let small: Place;
    beforeEach(() => {
      small = newServerPlace({ url: server.url, bucketBytes });
    });
    afterEach(() => small.close());

    it('take no more, keep what they have, and leave room for first segments and longer blobs', async () => {
      const store = await small.open();
      const first = newSegment(firstSegmentOf('acme'));
      const kept: NewSegment[] = [];
      for (let full = false; !full;) {
        const segment = newSegment(besides(first.id));
        full = (await failureOf(store.create(segment).then(() => kept.push(segment)))) === 'KEY_BOOK_FULL';
      }
      expect(kept).toHaveLength(4);
      const blob = randomBytes(350);
      expect(await store.replace([{ id: kept[0]!.id, expected: 0, blob }])).toEqual([]);
      const long = { id: kept[0]!.id, expected: 1, blob: randomBytes(3_000) };
      expect(await failureOf(store.replace([long]))).toBe('KEY_BOOK_FULL');
      expect(await store.read(kept[0]!.id)).toEqual({ ...kept[0], revision: 1, blob });
      await store.replace([{ id: kept[0]!.id, expected: 1, blob: randomBytes(120) }]);
      expect(await store.create({ ...first, blob: randomBytes(250) })).toBe(true);
      for (const segment of kept.slice(1))
        expect(await store.read(segment.id)).toEqual({ ...segment, revision: 0 });
    });
  });

  it('let two processes give out keys of one account side by side', async () => {
    const books = await Promise.all(
      [1, 2].map(async () => openKeyBook(await place.open(), () => masters('m1'))),
    );
    await Promise.all(books.map((book) => book.openAccount('acme')));
    const keys = await Promise.all(Array.from({ length: 120 }, (_, n) => books[n % 2]!.newKey('acme')));
    const after = await openKeyBook(await place.open(), () => masters('m1'));
    for (const { id, key } of keys) expect(await lookUp(after, 'acme', id)).toBe(hexOf(key));
  });
});
