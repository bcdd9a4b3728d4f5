import { randomUUID } from 'node:crypto';
import { roleFold } from '../../src/commands/folds';
import type { Snapshot, SnapshotStore } from '../../src/commands/snapshots';
import { StreamLoader } from '../../src/commands/stream-loader';
import type { EventStore, NewEvent } from '../../src/event-store/event-store';
import { MemoryEventStore } from '../../src/event-store/memory';
import { roleStream } from '../../src/event-store/streams';

/** A command on a long stream costs what is new in it: in memory, and after a start by way of a snapshot. */

const STREAM = roleStream('acme', 'popular');

const assigned = (n: number, keyed = false): NewEvent => ({
  id: randomUUID(),
  type: 'UserAssigned',
  data: { role: 'popular', user: `user-${n}` },
  metadata: keyed ? { keyed: 'true', commandId: `command-${n}`, inputHash: `${n}` } : {},
});

class Snapshots implements SnapshotStore {
  readonly taken: Snapshot[] = [];
  get = () => this.taken.at(-1) ?? null;
  put = (_stream: string, snapshot: Snapshot) => void this.taken.push(snapshot);
  close = () => undefined;
}

class CountingStore {
  readonly store = new MemoryEventStore();
  read = 0;
  members = 0;

  async grow(by: number): Promise<void> {
    const events = Array.from({ length: by }, () => assigned((this.members += 1), this.members === 1));
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

const loaderOf = (log: CountingStore, snapshots: SnapshotStore | null): StreamLoader =>
  new StreamLoader(log as unknown as EventStore, snapshots);

test('what is in memory is not read again, and what came since is', async () => {
  const log = await long(2_000);
  const loader = loaderOf(log, null);
  await loader.load(STREAM, roleFold);
  log.read = 0;
  await log.grow(3);
  const { state, revision } = await loader.load(STREAM, roleFold);
  expect([log.read, state.members.size, revision]).toEqual([3, 2_003, 2_002]);
});

test('after a start the snapshot and the tail give what the whole stream does', async () => {
  const log = await long(2_000);
  const snapshots = new Snapshots();
  await loaderOf(log, snapshots).load(STREAM, roleFold);
  await log.grow(5);
  log.read = 0;
  const fromSnapshot = await loaderOf(log, snapshots).load(STREAM, roleFold);
  expect(log.read).toBe(5);
  const whole = await loaderOf(log, null).load(STREAM, roleFold);
  expect(fromSnapshot.state.members.equals(whole.state.members)).toBe(true);
  expect(fromSnapshot.commands.toJS()).toEqual(whole.commands.toJS());
  expect(whole.commands.size).toBe(1);
  expect({ ...fromSnapshot, state: null, commands: null }).toEqual({ ...whole, state: null, commands: null });
});

test('snapshots of a growing stream are few: a tenth of it lies between two', async () => {
  const log = await long(500);
  const snapshots = new Snapshots();
  const loader = loaderOf(log, snapshots);
  for (let n = 0; n < 60; n += 1) {
    await log.grow(500);
    await loader.load(STREAM, roleFold);
  }
  const at = snapshots.taken.map(({ revision }) => revision);
  const steps = at.slice(1).map((revision, index) => revision - at[index]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(1_000);
  for (const [index, step] of steps.entries()) expect(step).toBeGreaterThanOrEqual(at[index + 1]! / 10);
  // And never so few that a start has more than that to read.
  expect(log.members - at.at(-1)!).toBeLessThan(log.members / 10 + 1_000);
});
