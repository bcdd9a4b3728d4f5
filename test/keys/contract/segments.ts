import { randomBytes } from 'node:crypto';
import { newSegmentId } from '../../../src/keys/key-id';
import type { NewSegment, SegmentStore, StoredSegment } from '../../../src/keys/port/segment-store';
import { allSegments, eachWithBooks, failureOf, type NewPlace } from './controls';

const newSegment = (bytes = 600, account = 'acme'): NewSegment => ({
  id: newSegmentId(),
  account,
  blob: randomBytes(bytes),
});

const byId = (segments: readonly StoredSegment[]): StoredSegment[] =>
  [...segments].sort((a, b) => (a.id < b.id ? -1 : 1));

export function segmentContract(newPlace: NewPlace): void {
  const books = eachWithBooks(newPlace);
  const two = async (): Promise<[SegmentStore, SegmentStore]> => [
    await books().store(),
    await books().store(),
  ];

  it('keep a segment under its id, for every process', async () => {
    const [one, other] = await two();
    const segment = newSegment(256 * 32 + 60, 'A-_9'.padEnd(64, '_'));
    expect(await one.create(segment)).toBe(true);
    for (const store of [one, other, await books().store()])
      expect(await store.read(segment.id)).toEqual({ ...segment, revision: 0 });
  });

  it('have nothing under another id', async () => {
    const store = await books().store();
    expect(await allSegments(store)).toEqual([]);
    await store.create(newSegment());
    expect(await store.read(newSegmentId())).toBeNull();
  });

  it('keep the one that is there, and say whose it is', async () => {
    const [one, other] = await two();
    const segment = newSegment();
    await one.create(segment);
    expect(await other.create({ ...segment, blob: randomBytes(600) })).toBe(false);
    expect(await one.create(segment)).toBe(true);
    expect(await other.read(segment.id)).toEqual({ ...segment, revision: 0 });
  });

  it('keep exactly one of many that are made under one id at once', async () => {
    const stores = await two();
    const { id, account } = newSegment();
    const blobs = Array.from({ length: 12 }, () => randomBytes(100));
    const made = await Promise.all(blobs.map((blob, n) => stores[n % 2]!.create({ id, account, blob })));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await stores[0].read(id))?.blob).toEqual(blobs[made.indexOf(true)]);
  });

  it('list each segment once', async () => {
    const [one, other] = await two();
    const segments = Array.from({ length: 150 }, () => newSegment(80));
    await Promise.all(segments.map((segment) => one.create(segment)));
    const wanted = byId(segments.map((segment) => ({ ...segment, revision: 0 })));
    expect(byId(await allSegments(other))).toEqual(wanted);
    for await (const page of other.pages()) expect(page.length).toBeGreaterThan(0);
  });

  it('replace a blob at the revision that is expected, and count it', async () => {
    const [one, other] = await two();
    const segment = newSegment();
    await one.create(segment);
    for (const revision of [0, 1, 2]) {
      const blob = randomBytes(500 + revision);
      expect(await one.replace([{ id: segment.id, expected: revision, blob }])).toEqual([]);
      expect(await other.read(segment.id)).toEqual({ ...segment, revision: revision + 1, blob });
    }
  });

  it('leave as it is what has another revision, or is not there, and replace the rest', async () => {
    const [one, other] = await two();
    const [ahead, fits, behind] = [newSegment(), newSegment(), newSegment()];
    for (const segment of [ahead, fits, behind]) await one.create(segment);
    const blob = randomBytes(40);
    await one.replace([{ id: ahead.id, expected: 0, blob }]);
    const absent = newSegmentId();
    const conflicts = await other.replace([
      { id: ahead.id, expected: 0, blob: randomBytes(50) },
      { id: fits.id, expected: 0, blob },
      { id: behind.id, expected: 1, blob },
      { id: absent, expected: 0, blob },
    ]);
    expect([...conflicts].sort()).toEqual([ahead.id, behind.id, absent].sort());
    expect(await one.read(ahead.id)).toMatchObject({ revision: 1, blob });
    expect(await one.read(fits.id)).toMatchObject({ revision: 1, blob });
    expect(await one.read(behind.id)).toEqual({ ...behind, revision: 0 });
    expect(await one.read(absent)).toBeNull();
  });

  it('let one of many win that replace the same revision', async () => {
    const stores = await two();
    const segment = newSegment();
    await stores[0].create(segment);
    const blobs = Array.from({ length: 10 }, () => randomBytes(100));
    const results = await Promise.all(
      blobs.map((blob, n) => stores[n % 2]!.replace([{ id: segment.id, expected: 0, blob }])),
    );
    expect(results.filter((conflicts) => conflicts.length === 0)).toHaveLength(1);
    const winner = blobs[results.findIndex((conflicts) => conflicts.length === 0)];
    expect(await stores[1].read(segment.id)).toEqual({ ...segment, revision: 1, blob: winner });
  });

  it('lose nothing of what several processes write at once', async () => {
    const stores = await two();
    const segments = Array.from({ length: 60 }, () => newSegment(300));
    await Promise.all(segments.map((segment, n) => stores[n % 2]!.create(segment)));
    const blob = randomBytes(300);
    const conflicts = await Promise.all(
      segments.map(({ id }, n) => stores[(n + 1) % 2]!.replace([{ id, expected: 0, blob }])),
    );
    expect(conflicts.flat()).toEqual([]);
    const wanted = byId(segments.map((segment) => ({ ...segment, revision: 1, blob })));
    expect(byId(await allSegments(stores[0]))).toEqual(wanted);
  });

  it('are purged as often as anyone likes, and keep what they have', async () => {
    const store = await books().store();
    const segment = newSegment();
    await store.purge();
    await store.create(segment);
    await store.purge();
    await store.purge();
    expect(await store.read(segment.id)).toEqual({ ...segment, revision: 0 });
  });

  it('are closed once and for all', async () => {
    const store = await books().store();
    const segment = newSegment();
    await store.create(segment);
    await store.close();
    await store.close();
    const calls: readonly Promise<unknown>[] = [
      store.create(newSegment()),
      store.read(segment.id),
      store.replace([{ id: segment.id, expected: 0, blob: randomBytes(9) }]),
      allSegments(store),
    ];
    for (const call of calls) expect(await failureOf(call)).toBe('CLOSED');
    expect(await (await books().store()).read(segment.id)).toEqual({ ...segment, revision: 0 });
  });
}
