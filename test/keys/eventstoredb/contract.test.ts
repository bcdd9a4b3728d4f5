import { randomBytes } from 'node:crypto';
import { firstSegmentOf, newSegmentId } from '../../../src/keys/key-id';
import { sizeOf } from '../../../src/keys/stores/eventstoredb/bucket';
import { newPrefix, serverUrl } from '../../eventstoredb';
import { FakeControls } from '../../event-store/eventstoredb/fake/controls';
import { keyBookContract } from '../contract';
import { allSegments, failureOf } from '../contract/controls';
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

  describe('segments in EventStoreDB', () => {
    it('fill a bucket to its limit, which the server takes and gives back', async () => {
      const place = newServerPlace({ url, buckets: 1, streamPrefix: newPrefix() });
      const store = await place.open();
      const kept: string[] = [];
      for (let full = false; !full;) {
        const segment = { id: newSegmentId(), account: 'acme', blob: randomBytes(256 * 32 + 60) };
        const made = store.create(segment).then(() => kept.push(segment.id));
        full = (await failureOf(made)) === 'KEY_BOOK_FULL';
      }
      expect(kept).toHaveLength(80);
      const first = { id: firstSegmentOf('acme'), account: 'acme' };
      const rest = 1_000_000 - sizeOf(await allSegments(store)) - 200;
      expect(await store.create({ ...first, blob: randomBytes(Math.floor(rest / 4) * 3) })).toBe(true);
      expect(await allSegments(await place.open())).toHaveLength(81);
      await place.close();
    });
  });
} else {
  describe.skip('segments in EventStoreDB: not run', () => {
    it('set EVENTSTOREDB_URL to a server to run the contract on it', () => undefined);
  });
}
