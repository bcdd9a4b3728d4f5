import { roleStream } from '../../../src/event-store/port/streams';
import { collect, followStreams, newAccount, newEvents, write } from '../contract/controls';
import { FakeControls, isCaughtUp, untilItem } from './fake/controls';
import { streamOf } from './fake/log';

/** Installations that share a server, each under a prefix of its own. */
describe('two installations on one EventStoreDB', () => {
  const controls = new FakeControls();
  afterEach(() => controls.cleanUp());

  it('have each a log of its own, with the same names in it', async () => {
    const server = await controls.server();
    const [production, staging] = [
      await controls.open(server),
      await controls.open(server, {}, { streamPrefix: 'rolebook_staging' }),
    ];
    const stream = roleStream(newAccount(), 'editors');
    await write(production, stream, newEvents(3));
    expect(await collect(staging.readStream(stream))).toEqual([]);
    expect(await staging.head()).toBeNull();
    expect(await staging.append(stream, 'no-stream', newEvents(1))).toMatchObject({ revision: 0 });
    expect(await collect(staging.readAll())).toMatchObject([{ stream, revision: 0 }]);
    expect(await followStreams(staging, 0n, new Set([stream]), 1)).toHaveLength(1);
    expect(await collect(production.readAll())).toHaveLength(3);
    expect(await staging.identity()).not.toBe(await production.identity());
    await untilItem(staging, isCaughtUp);

    const names = new Set(server.log.all.map(streamOf));
    expect([...names].filter((name) => !name.includes('heartbeat'))).toEqual([
      stream,
      stream.replace('rolebook.', 'rolebook_staging.'),
      'rolebook_staging-store',
      'rolebook-store',
    ]);
    for (const name of names) expect(name).toMatch(/^(\$\$)?(rolebook|rolebook_staging)[.-]/);
  });

  it.each(['', 'a-b', 'A', '9a', '$a', 'a.b', 'a'.repeat(33)])('may not be called %j', async (prefix) => {
    const server = await controls.server();
    await expect(controls.open(server, {}, { streamPrefix: prefix })).rejects.toThrow('no prefix of streams');
  });
});
