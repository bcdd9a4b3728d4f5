import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscriptionItem } from '../../../src/event-store/port/event-store';
import { collect, failureOf, newEvents, newStream, write } from '../contract/controls';
import { accessDenied, errorAnswer, readAppend } from './fake/answers';
import { FakeControls, QUICK, isCaughtUp, untilItem } from './fake/controls';
import type { Proposed } from './fake/log';
import { checkpoint, confirmation, isOfStream, isSubscription, type ReadCall } from './fake/reads';
import { Proxy } from './fake/proxy';
import { endBadly, type FakeEventStoreDb } from './fake/server';

describe('EventStoreDB', () => {
  const controls = new FakeControls();
  let server: FakeEventStoreDb;
  beforeEach(async () => {
    server = await controls.server();
  });
  afterEach(() => controls.cleanUp());

  const proposed = (data: string, metadata = '{}'): Proposed => ({
    id: randomUUID(),
    type: 'UserAssigned',
    data: Buffer.from(data),
    metadata: Buffer.from(metadata),
  });
  const follow = (store: Awaited<ReturnType<FakeControls['open']>>): Promise<unknown> =>
    collect(store.subscribe({ signal: new AbortController().signal }));

  describe('read', () => {
    it('in silence fails in time, and is read again on a new connection', async () => {
      const store = await controls.open(server, QUICK);
      const stream = newStream();
      await write(store, stream, newEvents(3));
      server.onRead = () => undefined;
      expect(await failureOf(collect(store.readStream(stream)))).toBe('UNAVAILABLE');
      server.onRead = (_call, properly) => properly();
      expect(await collect(store.readStream(stream))).toHaveLength(3);
    });

    it('that falls silent half way fails in time', async () => {
      const store = await controls.open(server, QUICK);
      const stream = newStream();
      await write(store, stream, newEvents(3));
      server.onRead = (call) => {
        const [first] = server.log.stream(stream);
        if (first) void server.reads.sendEvent(call, first);
      };
      expect(await failureOf(collect(store.readStream(stream)))).toBe('UNAVAILABLE');
    });

    it('in silence is a sign for appends too: none is sent to who does not answer', async () => {
      const store = await controls.open(server, QUICK);
      const calls = new Set<unknown>();
      server.onAppend = (call, _request, properly) => {
        calls.add(call);
        properly();
      };
      await write(store, newStream(), newEvents(1));
      await write(store, newStream(), newEvents(1));
      expect(calls.size).toBe(1);
      server.onRead = () => undefined;
      expect(await failureOf(collect(store.readStream(newStream())))).toBe('UNAVAILABLE');
      server.onRead = (_call, properly) => properly();
      await write(store, newStream(), newEvents(1));
      expect(calls.size).toBe(2);
    });

    it('in silence ends the other calls of its connection, and each says why', async () => {
      const store = await controls.open(server, { read: QUICK.read });
      await write(store, newStream(), newEvents(1));
      server.onAppend = () => undefined;
      const append = store.append(newStream(), 'any', newEvents(1));
      const subscription = follow(store);
      server.onRead = () => undefined;
      const read = collect(store.readStream(newStream()));
      const messages = (await Promise.allSettled([read, append, subscription])).map((end) =>
        end.status === 'rejected' ? (end.reason as Error).message : '',
      );
      const replaced = 'the connection was replaced, because a read was not answered';
      expect(messages).toEqual([
        expect.stringMatching(/: no answer for \d+ ms$/),
        expect.stringContaining(`${replaced}; it may have been written`),
        `the subscription was lost: ${replaced}`,
      ]);
    });

    it.each(['read', 'append', 'subscription'])(
      'and written over a connection that was lost without a word is so over another, after a lost %s',
      async (noticed) => {
        const proxy = await Proxy.open(server.port);
        try {
          const store = await controls.open(proxy.url, QUICK);
          const stream = newStream();
          await write(store, stream, newEvents(1));
          await collect(store.readStream(stream));
          const following = noticed === 'subscription' ? failureOf(follow(store)) : null;
          if (following) await sleep(QUICK.heartbeat * 3);
          proxy.swallow();
          if (noticed === 'read')
            expect(await failureOf(collect(store.readStream(stream)))).toBe('UNAVAILABLE');
          if (noticed === 'append')
            expect(await failureOf(store.append(stream, 0, newEvents(1)))).toBe('UNKNOWN_OUTCOME');
          if (following) expect(await following).toBe('UNAVAILABLE');
          expect(await collect(store.readStream(stream))).toHaveLength(1);
          await write(store, newStream(), newEvents(1));
          expect(proxy.connections).toBe(2);
        } finally {
          proxy.close();
        }
      },
    );

    it('waits through a long search, as long as the server answers beside it', async () => {
      const store = await controls.open(server, { read: 100 });
      await write(store, newStream(), newEvents(1));
      server.onRead = (call, properly) => void (isOfStream(call) ? properly() : setTimeout(properly, 500));
      expect(await collect(store.readAll())).toHaveLength(1);
      expect(await store.head()).not.toBeNull();
    });

    it.each([
      ['unavailable', { code: status.UNAVAILABLE, details: 'down' }, 'UNAVAILABLE'],
      ['denied', accessDenied(), 'DENIED'],
      [
        'of an invalid position',
        { code: status.INVALID_ARGUMENT, details: 'invalid position' },
        'INVALID_ARGUMENT',
      ],
      ['of damaged data', { code: status.DATA_LOSS, details: 'chunk is damaged' }, 'CORRUPT'],
      ['timed out', { code: status.ABORTED, details: 'Operation timed out' }, 'UNAVAILABLE'],
    ] as const)('%s fails as such', async (_name, end, code) => {
      server.onRead = (call) => endBadly(call, end);
      const store = await controls.open(server);
      expect(await failureOf(collect(store.readStream(newStream())))).toBe(code);
      expect(await failureOf(collect(store.readAll()))).toBe(code);
      expect(await failureOf(store.head())).toBe(code);
      expect(await failureOf(follow(store))).toBe(code);
    });

    it.each([
      ['no JSON', '{"a":'],
      ['a text', '"{}"'],
      ['nothing', ''],
      ['a list', '[]'],
    ])('of an event whose data is %s is corrupt, and says which', async (_name, data) => {
      const store = await controls.open(server);
      const stream = newStream();
      server.log.append(stream, 'no-stream', [proposed('{}'), proposed(data)]);
      expect(await failureOf(collect(store.readStream(stream)))).toBe('CORRUPT');
      await expect(collect(store.readAll())).rejects.toThrow(`event 1 of ${stream}`);
      expect(await failureOf(store.head())).toBe('CORRUPT');
      expect(await failureOf(follow(store))).toBe('CORRUPT');
    });

    it('of an event without an id, or with metadata that is none, is corrupt', async () => {
      const store = await controls.open(server);
      const [one, other] = [newStream(), newStream()];
      const record = server.log.record(one, 0, proposed('{}'));
      record.clearId();
      server.log.put(record);
      server.log.append(other, 'no-stream', [proposed('{}', 'none')]);
      expect(await failureOf(collect(store.readStream(one)))).toBe('CORRUPT');
      expect(await failureOf(collect(store.readStream(other)))).toBe('CORRUPT');
    });

    it('gives only what is ours, however much of others lies between', async () => {
      const store = await controls.open(server);
      for (let round = 0; round < 3; round++) {
        await write(store, newStream(), newEvents(1));
        for (let i = 0; i < 50; i++) server.log.foreign();
        server.log.foreign('$ce-rolebook.role');
        server.log.foreign('rolebookkeeping-1', 'no JSON');
      }
      expect(await collect(store.readAll())).toHaveLength(3);
      expect((await store.head())?.revision).toBe(0);
    });
  });

  describe('subscribed to', () => {
    const waysToLoseIt: Record<string, (call: ReadCall) => void> = {
      silent: () => undefined,
      'silent after its confirmation': (call) => void call.write(confirmation()),
      ended: (call) => call.end(),
      failed: (call) => endBadly(call, { code: status.UNKNOWN, details: 'Exception was thrown by handler.' }),
      cancelled: (call) => endBadly(call, { code: status.CANCELLED, details: 'shutting down' }),
      gone: () => server.stop(),
    };

    it.each(Object.keys(waysToLoseIt))('and then %s is lost; the next one goes on', async (way) => {
      const store = await controls.open(server, QUICK);
      await write(store, newStream(), newEvents(2));
      server.onRead = (call, properly) => (isSubscription(call) ? waysToLoseIt[way]?.(call) : properly());
      expect(await failureOf(follow(store))).toBe('UNAVAILABLE');
      server.onRead = (_call, properly) => properly();
      if (way === 'gone') await server.start();
      expect(await untilItem(store, isCaughtUp)).toMatchObject({ kind: 'caught-up' });
    });

    it('is heard at rest, by heartbeats that nobody sees', async () => {
      const store = await controls.open(server);
      await write(store, newStream(), newEvents(1));
      const kinds: SubscriptionItem['kind'][] = [];
      const stop = new AbortController();
      for await (const { kind } of store.subscribe({ signal: stop.signal })) {
        if (kinds.push(kind) === 8) stop.abort();
      }
      expect(kinds).toEqual(['event', ...Array.from({ length: 7 }, () => 'caught-up')]);
      const [metadata] = server.log.all.filter(
        (record) => record.getMetadataMap().get('type') === '$metadata',
      );
      expect(JSON.parse(Buffer.from(metadata?.getData_asU8() ?? []).toString())).toEqual({
        $maxCount: 1,
        $maxAge: 60,
      });
    });

    it('is not lost while checkpoints show that it searches', async () => {
      const store = await controls.open(server, { lost: 1_000 });
      server.onRead = (call, properly) => {
        if (!isSubscription(call)) return properly();
        let sent = 0;
        const timer = setInterval(() => {
          call.write(checkpoint(BigInt(++sent)));
          if (sent < 40) return;
          clearInterval(timer);
          properly();
        }, 50);
      };
      expect(await untilItem(store, isCaughtUp)).toMatchObject({ kind: 'caught-up' });
    });

    it('takes no checkpoint for a place that was reached: it may lie ahead', async () => {
      const store = await controls.open(server);
      const { position } = await write(store, newStream(), newEvents(1));
      server.onRead = (call, properly) => {
        if (isSubscription(call)) call.write(checkpoint(position + 1_000_000n));
        properly();
      };
      const first = await untilItem(store, () => true);
      expect(first).toMatchObject({ kind: 'event', event: { position } });
    });

    it('beats no more when nobody listens', async () => {
      const store = await controls.open(server);
      await untilItem(store, isCaughtUp);
      await sleep(QUICK.heartbeat);
      const before = server.log.all.length;
      await sleep(QUICK.heartbeat * 4);
      expect(server.log.all.length).toBe(before);
    });

    it('is lost when no heartbeats can be written, and says why when that is a right', async () => {
      const store = await controls.open(server, QUICK);
      server.onAppend = (call, request) => void call.write(errorAnswer(request, 'AccessDenied'));
      expect(await failureOf(follow(store))).toBe('DENIED');
      server.onAppend = (call, request) => void call.write(errorAnswer(request, '', 'Server Is Not Ready'));
      expect(await failureOf(follow(store))).toBe('UNAVAILABLE');
    });

    it('sends a slow consumer no more than it takes, and is not lost meanwhile', async () => {
      const store = await controls.open(server, { lost: 500 });
      const stream = newStream();
      const data = JSON.stringify({ text: 'x'.repeat(20_000) });
      server.log.append(
        stream,
        'no-stream',
        Array.from({ length: 800 }, () => proposed(data)),
      );
      let taken = 0;
      for await (const item of store.subscribe({ signal: new AbortController().signal })) {
        if (item.kind !== 'event') continue;
        expect(item.event.revision).toBe(taken++);
        if (taken === 5) {
          await sleep(1_500);
          expect(server.reads.sent).toBeLessThan(300);
        }
        if (taken === 800) break;
      }
      expect(taken).toBe(800);
    });

    it('says to a slow consumer that it has caught up only when it has', async () => {
      const store = await controls.open(server);
      await write(store, newStream(), newEvents(1));
      const caughtUp: bigint[] = [];
      const stop = new AbortController();
      let last = 0n;
      for await (const item of store.subscribe({ signal: stop.signal })) {
        if (item.kind === 'caught-up') {
          caughtUp.push(item.position ?? 0n);
          last = BigInt(server.log.all.at(-1)?.getCommitPosition() ?? '0');
          expect(last - caughtUp.at(-1)!).toBeLessThanOrEqual(1_000n);
          if (caughtUp.length === 4) stop.abort();
        }
        await sleep(QUICK.heartbeat * 3);
      }
    });

    it('tells how far the clocks are apart', async () => {
      for (const [ahead, expected] of [
        [0, 0],
        [-60_000, 60_000],
        [60_000, -60_000],
      ] as const) {
        server.log.now = () => Date.now() + ahead;
        const store = await controls.open(server);
        expect(store.clockSkewMs()).toBeNull();
        await untilItem(store, isCaughtUp);
        expect(Math.abs((store.clockSkewMs() ?? Infinity) - expected)).toBeLessThan(20_000);
      }
    });
  });

  it('is closed though it is silent, and leaves nothing open', async () => {
    const store = await controls.open(server);
    await write(store, newStream(), newEvents(1));
    server.onRead = () => undefined;
    server.onAppend = (_call, request) => void readAppend(request);
    const ends = [follow(store), collect(store.readAll()), store.head()].map(failureOf);
    await sleep(50);
    await store.close();
    expect(await Promise.all(ends)).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
  });

  it.each(['http://localhost', 'esdb://', 'esdb://user:secret@', ''])('refuses the URL %j', async (url) => {
    await expect(controls.open(url)).rejects.toThrow(/EVENTSTOREDB_URL must look like/);
    await expect(controls.open(url)).rejects.not.toThrow(/secret/);
  });
});
