import { randomUUID } from 'node:crypto';
import { claimFold, roleFold } from '../../src/commands/streams/folds';
import { openSnapshots } from '../../src/event-store/local/snapshots';
import type { SnapshotStore } from '../../src/event-store/port/snapshot-store';
import { snapshotFormat } from '../../src/commands/streams/snapshot-codec';
import { StreamLoader, type CacheBounds } from '../../src/commands/streams/stream-loader';
import type { EventStore, NewEvent } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { claimStream, roleStream } from '../../src/event-store/port/streams';
import { newDirectory, removeDirectory } from '../directories';
import { soundMetadata } from '../sound-metadata';

/** A command on a long stream costs what is new in it: in memory, and after a start by way of a snapshot. */

const STREAM = roleStream('acme', 'popular');
const KEY = { stream: STREAM, format: snapshotFormat(roleFold) };

const assigned = (n: number, command?: string, role = 'popular'): NewEvent => ({
  id: randomUUID(),
  type: 'UserAssigned',
  data: { role, user: `user-${n}` },
  metadata: command
    ? soundMetadata({ keyed: 'true', commandId: command, inputHash: 'hash' })
    : soundMetadata(),
});

/** The snapshots of one data folder, opened anew by each start. */
class Snapshots {
  readonly taken: number[] = [];
  readonly pieces: number[] = [];
  readonly directory = newDirectory();
  #open: SnapshotStore | null = null;

  open(log = 'log'): SnapshotStore {
    this.#open?.close();
    const store = (this.#open = openSnapshots(this.directory, log));
    return {
      ...store,
      put: async (key, revision, parts) => {
        this.taken.push(revision);
        await store.put(key, revision, this.#watched(parts));
      },
    };
  }

  async *#watched(parts: AsyncIterable<string>) {
    for await (const part of parts) {
      this.pieces.push(part.length);
      yield part;
    }
  }

  remove(): void {
    this.#open?.close();
    removeDirectory(this.directory);
  }
}

let snapshots: Snapshots;
beforeEach(() => (snapshots = new Snapshots()));
afterEach(() => snapshots.remove());

class CountingStore {
  readonly store = new MemoryEventStore();
  read = 0;
  members = 0;

  async grow(by: number): Promise<void> {
    const next = (): NewEvent => assigned((this.members += 1), this.members === 1 ? 'first' : undefined);
    const events = Array.from({ length: by }, next);
    await this.store.append(STREAM, 'any', events);
  }

  async *readStream(...args: Parameters<EventStore['readStream']>) {
    for await (const event of this.store.readStream(...args)) {
      this.read += 1;
      yield event;
    }
  }
}

async function long(events: number): Promise<CountingStore> {
  const log = new CountingStore();
  for (let n = 0; n < events; n += 500) await log.grow(500);
  return log;
}

const loaderOf = (log: CountingStore, store: SnapshotStore | null): StreamLoader =>
  new StreamLoader(log as unknown as EventStore, store);

test('what is in memory is not read again, and what came since is', async () => {
  const log = await long(2_000);
  const loader = loaderOf(log, null);
  await loader.load(STREAM, roleFold);
  log.read = 0;
  await log.grow(3);
  const { state, revision } = await loader.load(STREAM, roleFold);
  expect([log.read, state.members.size, revision]).toEqual([3, 2_003, 2_002]);
});

test('what was appended at a load is not read back, and is what the log says', async () => {
  const log = await long(1_000);
  const loader = loaderOf(log, null);
  const loaded = await loader.load(STREAM, roleFold);
  const events = [assigned(5_001, 'second'), assigned(5_002, 'second')];
  const result = await log.store.append(STREAM, loaded.revision ?? 'no-stream', events);
  if (result.outcome !== 'appended') throw new Error('a conflict');
  loader.appended(loaded, events, result);
  log.read = 0;
  const kept = await loader.load(STREAM, roleFold);
  expect(log.read).toBe(0);
  expect(kept.commands.size).toBe(2);
  expect(plain(kept)).toEqual(plain(await loaderOf(log, null).load(STREAM, roleFold)));
  // Appends of others are read, and an append at an older load is not taken over.
  await log.grow(1);
  const newest = await loader.load(STREAM, roleFold);
  loader.appended(loaded, events, result);
  expect(await loader.load(STREAM, roleFold)).toBe(newest);
});

/** Streams whose states hold so many members each, and a loader of them that tells how many events it read. */
async function many(sizes: Readonly<Record<string, number>>, bounds: Partial<CacheBounds>) {
  const log = new CountingStore();
  for (const [role, size] of Object.entries(sizes)) {
    const events = Array.from({ length: size }, (_, n) => assigned(n, undefined, role));
    await log.store.append(roleStream('acme', role), 'no-stream', events);
  }
  const loader = new StreamLoader(log as unknown as EventStore, null, bounds);
  return async (role: string): Promise<number> => {
    log.read = 0;
    const { state } = await loader.load(roleStream('acme', role), roleFold);
    expect(state.members.size).toBe(sizes[role]);
    return log.read;
  };
}

test('what is kept is bounded by the number of streams: what was not used longest is read again', async () => {
  const read = await many({ a: 10, b: 10, c: 10 }, { streams: 2 });
  expect([await read('a'), await read('b'), await read('a'), await read('c')]).toEqual([10, 10, 0, 10]);
  expect([await read('a'), await read('c'), await read('b')]).toEqual([0, 0, 10]);
});

test('and by the members that all of them hold', async () => {
  const read = await many({ a: 40, b: 40, c: 40 }, { members: 100 });
  expect([await read('a'), await read('b'), await read('a'), await read('c')]).toEqual([40, 40, 0, 40]);
  expect([await read('a'), await read('c'), await read('b')]).toEqual([0, 0, 40]);
});

test('keyed commands count as members do', async () => {
  const log = new CountingStore();
  const write = (role: string, keyed: boolean): Promise<unknown> => {
    const events = Array.from({ length: 40 }, (_, n) =>
      assigned(0, keyed ? `${role}-${n}` : undefined, role),
    );
    return log.store.append(roleStream('acme', role), 'no-stream', events);
  };
  const loader = new StreamLoader(log as unknown as EventStore, null, { members: 100 });
  for (const role of ['a', 'b', 'c']) {
    await write(role, role !== 'c');
    await loader.load(roleStream('acme', role), roleFold);
  }
  log.read = 0;
  for (const role of ['a', 'b', 'c']) await loader.load(roleStream('acme', role), roleFold);
  expect(log.read).toBe(0);
  await write('d', true);
  for (const role of ['d', 'a']) await loader.load(roleStream('acme', role), roleFold);
  expect(log.read).toBe(80);
});

test('a stream that holds more than that is kept too, beside small ones', async () => {
  const read = await many({ large: 300, a: 10, b: 10 }, { members: 100 });
  expect([await read('large'), await read('a'), await read('b')]).toEqual([300, 10, 10]);
  expect([await read('large'), await read('a'), await read('b')]).toEqual([0, 0, 0]);
});

test('after a start the snapshot and the tail give what the whole stream does', async () => {
  const log = await long(2_000);
  await loaderOf(log, snapshots.open()).load(STREAM, roleFold);
  await log.grow(5);
  log.read = 0;
  const fromSnapshot = await loaderOf(log, snapshots.open()).load(STREAM, roleFold);
  expect(log.read).toBe(5);
  const whole = await loaderOf(log, null).load(STREAM, roleFold);
  expect(fromSnapshot.state.members.equals(whole.state.members)).toBe(true);
  expect(fromSnapshot.commands.toJS()).toEqual(whole.commands.toJS());
  expect(whole.commands.size).toBe(1);
  expect({ ...fromSnapshot, state: null, commands: null }).toEqual({ ...whole, state: null, commands: null });
});

test('snapshots of a growing stream are few: a tenth of it lies between two', async () => {
  const log = await long(500);
  const loader = loaderOf(log, snapshots.open());
  for (let n = 0; n < 60; n += 1) {
    await log.grow(500);
    await loader.load(STREAM, roleFold);
  }
  const at = snapshots.taken;
  const steps = at.slice(1).map((revision, index) => revision - at[index]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(1_000);
  for (const [index, step] of steps.entries()) expect(step).toBeGreaterThanOrEqual(at[index + 1]! / 10);
  // And never so few that a start has more than that to read.
  expect(log.members - at.at(-1)!).toBeLessThan(log.members / 10 + 1_000);
});

test('a role of 100,000 users is loaded from pieces, none of which is long, and a command reads what is new', async () => {
  const log = await long(100_000);
  await loaderOf(log, snapshots.open()).load(STREAM, roleFold);
  expect(snapshots.pieces.length).toBeGreaterThan(100);
  expect(Math.max(...snapshots.pieces)).toBeLessThan(100_000);
  await log.grow(7);
  log.read = 0;
  const { state, revision } = await loaderOf(log, snapshots.open()).load(STREAM, roleFold);
  expect([log.read, state.members.size, revision]).toEqual([7, 100_007, 100_006]);
});

test('all of a state comes back: grants, bars, what a claim knows of users', async () => {
  const store = new MemoryEventStore();
  const write = (stream: string, type: string, data: object) =>
    store.append(stream, 'any', [
      { id: randomUUID(), type, data: data as NewEvent['data'], metadata: soundMetadata() },
    ]);
  const claim = claimStream('acme', 'conflict');
  await write(STREAM, 'RoleCreated', {
    role: 'popular',
    name: 'Popular',
    description: null,
    copiedFrom: null,
  });
  await write(STREAM, 'PermissionGranted', { role: 'popular', permission: 'a/b', scopes: ['x', 'y'] });
  await write(STREAM, 'UserBarred', { role: 'popular', user: 'ann', member: false });
  for (let n = 0; n < 1_000; n += 1) {
    await write(STREAM, 'UserAssigned', { role: 'popular', user: `user-${n}` });
    await write(claim, 'Claimed', { kind: 'ROLE_CONFLICT', owner: `role-${n}`, users: [`user-${n}`] });
  }
  await write(claim, 'Claimed', { kind: 'ROLE_CONFLICT', owner: 'role-0', users: [] });
  const whole = new StreamLoader(store, snapshots.open());
  const [role, claimed] = [await whole.load(STREAM, roleFold), await whole.load(claim, claimFold)];
  expect(snapshots.taken).toHaveLength(2);
  const thawed = new StreamLoader(store, snapshots.open());
  expect(plain(await thawed.load(STREAM, roleFold))).toEqual(plain(role));
  expect(plain(await thawed.load(claim, claimFold))).toEqual(plain(claimed));
});

test('snapshots of another log, cut short or overtaken are not read', async () => {
  const log = await long(2_000);
  await loaderOf(log, snapshots.open()).load(STREAM, roleFold);
  const readBy = async (store: SnapshotStore): Promise<number> => {
    log.read = 0;
    const { state } = await loaderOf(log, store).load(STREAM, roleFold);
    expect(state.members.size).toBe(2_000);
    return log.read;
  };
  expect(await readBy(snapshots.open())).toBe(0);
  const store = snapshots.open();
  const { revision } = store.get(KEY)!;
  await store.put(KEY, revision - 1, onePiece());
  expect(store.get(KEY)).toMatchObject({ revision });
  expect(
    await readBy({ ...store, get: () => ({ revision, count: 3, parts: ['{"position":null,"state":{}}'] }) }),
  ).toBe(2_000);
  expect(await readBy(snapshots.open('another log'))).toBe(2_000);
});

test.each<[string, (fold: typeof roleFold) => object]>([
  ['a field that came', ({ initial }) => ({ initial: { ...initial, colour: null } })],
  ['a field that went', ({ initial: { barred: _, ...initial } }) => ({ initial })],
  ['a field that starts otherwise', ({ initial }) => ({ initial: { ...initial, description: '' } })],
  ['a field of another kind', ({ initial }) => ({ initial: { ...initial, barred: initial.grants } })],
  ['a new version of the fold', ({ version }) => ({ version: version + 1 })],
])(
  'a state with %s reads no snapshot of the old one, and has its own from then on',
  async (_change, change) => {
    const log = await long(2_000);
    const changed = { ...roleFold, ...change(roleFold) } as typeof roleFold;
    const readWith = async (fold: typeof roleFold): Promise<number> => {
      log.read = 0;
      const { state } = await loaderOf(log, snapshots.open()).load(STREAM, fold);
      expect(state.members.size).toBe(2_000);
      return log.read;
    };
    expect([await readWith(roleFold), await readWith(roleFold)]).toEqual([2_000, 0]);
    expect([await readWith(changed), await readWith(changed)]).toEqual([2_000, 0]);
    // Nor does the old version read the new one's, as where a release is taken back.
    expect([await readWith(roleFold), await readWith(roleFold)]).toEqual([2_000, 0]);
  },
);

test('a snapshot that cannot be written fails no command', async () => {
  const log = await long(2_000);
  const broken: SnapshotStore = { ...snapshots.open(), put: () => Promise.reject(new Error('disk full')) };
  expect((await loaderOf(log, broken).load(STREAM, roleFold)).state.members.size).toBe(2_000);
});

const plain = (value: object): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)),
  );

async function* onePiece() {
  yield '{"position":null,"state":{}}';
}
