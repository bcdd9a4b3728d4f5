import { newPrefix, serverUrl } from '../../eventstoredb';
import { FakeControls } from '../../event-store/eventstoredb/fake/controls';
import { keyBookContract } from '../contract';
import { newServerPlace } from './place';

/** A few buckets: most tests open several books, and each reads all buckets. `buckets.test.ts` has as many as there are. */
const buckets = 3;

keyBookContract('segments in EventStoreDB, on a fake server', async () => {
  const controls = new FakeControls();
  const { url } = await controls.server();
  return newServerPlace({ url, buckets }, () => controls.cleanUp());
});

if (serverUrl) {
  const url = serverUrl;
  keyBookContract('segments in EventStoreDB', async () =>
    newServerPlace({ url, buckets, streamPrefix: newPrefix() }),
  );
} else {
  describe.skip('segments in EventStoreDB: not run', () => {
    it('set EVENTSTOREDB_URL to a server to run the contract on it', () => undefined);
  });
}
