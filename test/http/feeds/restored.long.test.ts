import { EventStoreDbStore } from '../../../src/event-store/eventstoredb';
import { validating } from '../../../src/event-store/decorators/validating-store';
import { FakeEventStoreDb } from '../../event-store/eventstoredb/fake/server';
import { newPrefix } from '../../eventstoredb';
import { startTestServer, type TestServer } from '../harness';
import { OpenFeed, page, refusal } from './reader';

/** A log in EventStoreDB that is restored from an older copy behind its readers, under a server that runs. */

const QUICK = { ROLEBOOK_FEED_HEARTBEAT_MS: '50', ROLEBOOK_MIN_POSITION_WAIT_MS: '50' };

test('open feeds are told to begin anew, and their positions are of a fork for the server that comes after', async () => {
  const fake = new FakeEventStoreDb();
  await fake.start();
  const streamPrefix = newPrefix();
  const start = (): Promise<TestServer> =>
    startTestServer({
      environment: QUICK,
      store: validating(new EventStoreDbStore({ url: fake.url, streamPrefix })),
    });
  const server = await start();
  const feeds: OpenFeed[] = [];
  let after: TestServer | null = null;
  try {
    const register = (to: TestServer, user: string): Promise<unknown> =>
      to.run({ type: 'registerUser', user, username: user });
    await register(server, 'kept');
    const copy = fake.log.all.length;
    for (const user of ['lost', 'lost-too']) await register(server, user);
    for (const isSse of [false, true]) feeds.push(await OpenFeed.open(server, {}, { isSse }));
    for (const feed of feeds) await feed.until(({ kind }) => kind === 'heartbeat');
    const before = feeds[0]!.events;
    expect(before.at(-1)!.data).toMatchObject({ user: 'lost-too' });

    fake.stop();
    fake.log.cut(copy);
    await fake.start();
    for (const feed of feeds) {
      const reset = await feed.until(({ kind }) => kind === 'reset');
      await feed.ended;
      expect(reset).toMatchObject({ data: { code: 'POSITION_OF_A_FORK' } });
      // No position: whoever came back with one would be told the same again.
      expect(reset.data.position).toBeUndefined();
      expect(feed.said.at(-1)).toBe(reset);
      expect(feed.events).toEqual(before);
    }
    expect(feeds[1]!.said.at(-1)!.id).toBe('');

    after = await start();
    const lost = before.at(-1)!.position as string;
    expect(await refusal(after, { after: lost })).toEqual([503, 'POSITION_NOT_REACHED']);
    for (const user of ['other', 'others', 'more']) await register(after, user);
    expect(await refusal(after, { after: lost })).toEqual([410, 'POSITION_OF_A_FORK']);
    const anew = await page(after, { limit: '10000' });
    const kept = before.findIndex(({ data }) => data?.user === 'kept' && !data.key);
    expect(anew.events.slice(0, kept + 1).map(({ id, position }) => [id, position])).toEqual(
      before.slice(0, kept + 1).map(({ id, position }) => [id, position]),
    );
  } finally {
    for (const feed of feeds) await feed.close();
    await after?.close();
    await server.close();
    fake.stop();
  }
});
