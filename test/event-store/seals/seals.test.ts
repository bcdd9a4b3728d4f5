import { openEmbeddedSeals, openEmbeddedStore } from '../../../src/event-store/embedded';
import { newDirectory, removeDirectory } from '../../directories';
import { newPrefix, serverUrl } from '../../eventstoredb';
import { collect, newEvents, newStream, write } from '../contract/controls';
import { sealContract } from '../contract/seals';
import { FakeControls, QUICK } from '../eventstoredb/fake/controls';
import { embeddedPlace, memoryPlace, serverPlace } from './places';

sealContract('a list in memory', async () => memoryPlace());
sealContract('the file of an embedded log', embeddedPlace);
sealContract('EventStoreDB, as a fake server', async () => {
  const controls = new FakeControls();
  const { url } = await controls.server();
  return serverPlace({ url }, () => controls.cleanUp());
});
if (serverUrl) {
  const url = serverUrl;
  sealContract('EventStoreDB', async () => serverPlace({ url, streamPrefix: newPrefix() }));
}

describe('seals', () => {
  it('of an embedded log are written beside its writer, and are no events', async () => {
    const directory = newDirectory();
    const log = await openEmbeddedStore({ directory });
    const seals = openEmbeddedSeals({ directory });
    const stream = newStream();
    try {
      for (let n = 0; n < 20; n += 1) {
        const [, added] = await Promise.all([
          write(log, stream, newEvents(1)),
          seals.append(n === 0 ? null : n - 1, { n }),
        ]);
        expect(added).toBe(true);
      }
      expect((await collect(log.readAll())).map((event) => event.revision)).toEqual(
        Array.from({ length: 20 }, (_, n) => n),
      );
    } finally {
      await seals.close();
      await log.close();
      removeDirectory(directory);
    }
  });

  it('are not opened where there is no log, and make none', () => {
    const directory = newDirectory();
    expect(() => openEmbeddedSeals({ directory })).toThrow(/no log/);
    expect(() => openEmbeddedSeals({ directory, readOnly: true })).toThrow(/no log/);
    removeDirectory(directory);
  });

  it('on a server that others write to are no events of the log', async () => {
    const controls = new FakeControls();
    const server = await controls.server();
    const place = serverPlace({ url: server.url, timeouts: QUICK }, () => controls.cleanUp());
    const log = await controls.open(server);
    await write(log, newStream(), newEvents(1));
    await (await place.open()).append(null, { n: 0 });
    expect(server.log.stream('rolebook-seals')).toHaveLength(1);
    expect(await collect(log.readAll())).toHaveLength(1);
    await place.close();
  });
});
