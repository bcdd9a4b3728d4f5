import { openEmbeddedStore } from '../../src/event-store/embedded';
import type { EventStore } from '../../src/event-store/port/event-store';
import { EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { verifyLog, type LogReport } from '../../src/operations/log/verify';
import { newPrefix, serverUrl } from '../eventstoredb';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { fill } from '../operations/sound-log';
import { Installation } from './installation';

/** `rolebook log copy`, up from one machine to EventStoreDB and down again, killed on its way. */

interface Place {
  readonly url: string;
  readonly prefix: string;
  readonly appends: number;
  readonly close: () => void;
}

const places: [string, () => Promise<Place>][] = [
  [
    'a fake EventStoreDB',
    async () => {
      const server = new FakeEventStoreDb();
      await server.start();
      return { url: server.url, prefix: newPrefix(), appends: 1_400, close: () => server.stop() };
    },
  ],
];
if (serverUrl) {
  const url = serverUrl;
  const place = { url, prefix: newPrefix(), appends: 6_667, close: () => undefined };
  places.push(['EventStoreDB', () => Promise.resolve(place)]);
}

describe.each(places)('A copy of a log to %s', (_name, open) => {
  let place: Place;
  let installation: Installation;
  let total: number;
  let digest: string;

  const verified = async (opening: Promise<EventStore>): Promise<LogReport> => {
    const store = await opening;
    const report = await verifyLog(store, () => undefined);
    await store.close();
    return report;
  };

  beforeAll(async () => {
    place = await open();
    installation = new Installation({ ROLEBOOK_STREAM_PREFIX: place.prefix });
    const source = await openEmbeddedStore({ directory: installation.directory });
    await fill(source, place.appends, 40);
    const report = await verified(Promise.resolve(source));
    ({ digest, events: total } = report);
    expect(report).toMatchObject({ events: Math.floor(place.appends * 1.5), faults: [] });
  });
  afterAll(() => {
    installation.remove();
    place.close();
  });

  test('that is killed half way goes on where it was, and is equal in the end', async () => {
    const target = new EventStoreDbStore({ url: place.url, streamPrefix: place.prefix });
    const copy = ['log', 'copy', '--from', installation.directory, '--to', place.url];
    const killed = installation.begin(...copy);
    let arrived = 0;
    // A copy that ends by itself, or never began, is told by what it printed.
    const over = new AbortController();
    void killed.ended.then(() => over.abort());
    for await (const item of target.subscribe({ signal: over.signal }))
      if (item.kind === 'event' && (arrived += 1) >= total / 3) break;
    expect([arrived >= total / 3, over.signal.aborted && (await killed.ended).stderr]).toEqual([true, false]);
    killed.kill();
    expect((await killed.ended).stderr).not.toContain('the logs are equal');
    await target.close();

    const { code, stderr } = await installation.rolebook(...copy);
    const [, copied, present] =
      /(\d+) events copied, (\d+) were there; the logs are equal/.exec(stderr) ?? [];
    expect([code, Number(copied) + Number(present)]).toEqual([0, total]);
    expect(Number(present)).toBeGreaterThanOrEqual(total / 3);
    expect(Number(copied)).toBeGreaterThan(0);
    const { stdout } = await installation.rolebook('log', 'verify', '--log', place.url, '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ events: total, digest, faults: 0 }]);
  });

  test('and back down has the same digest; once more copies nothing', async () => {
    const back = new Installation({ ROLEBOOK_STREAM_PREFIX: place.prefix });
    try {
      const copy = ['log', 'copy', '--from', place.url, '--to', back.directory];
      expect((await installation.rolebook(...copy)).stderr).toContain(`${total} events copied, 0 were there`);
      const report = await verified(openEmbeddedStore({ directory: back.directory, readOnly: true }));
      expect(report).toMatchObject({ events: total, digest, faults: [] });
      expect((await installation.rolebook(...copy)).stderr).toContain(`0 events copied, ${total} were there`);
    } finally {
      back.remove();
    }
  });
});
