import { newerMessage, READS_SCHEMA } from '../../src/domain/schema-versions';
import { DatabaseSync } from '@photostructure/sqlite';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { EventStoreError, type Append, type EventStore } from '../../src/event-store/port/event-store';
import { copyLog, compareLogs, LogMismatchError, UnsoundSourceError } from '../../src/operations/log/copy';
import { verifyLog } from '../../src/operations/log/verify';
import { voidEvent } from '../../src/operations/log/void';
import { newDirectory, removeDirectory } from '../directories';
import { storeOf } from '../commands/harness';
import { reasonInClear } from '../sealing/plain';
import { fill, soundMetadata } from './sound-log';

/** Moving a log: what was recorded arrives as it was recorded, and an interrupted copy goes on. */

const nothing = (): void => undefined;
const quietly = { onProgress: nothing, pause: () => Promise.resolve() };

/** A target to which so many appends come through, and then this. */
function failing(target: EventStore, appends: number, error: Error): EventStore {
  let left = appends;
  return {
    ...storeOf(target),
    readAll: target.readAll.bind(target),
    takeLine: target.takeLine.bind(target),
    takeFormat: target.takeFormat.bind(target),
    appendInOrder: (given) =>
      target.appendInOrder(
        (async function* (): AsyncGenerator<Append> {
          for await (const append of given) {
            if (left-- === 0) throw error;
            yield append;
          }
        })(),
      ),
  };
}

test('a copy has the digest of its source, and a second run copies nothing', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 40);
  expect(await copyLog(source, target, quietly)).toEqual({ compared: 0, copied: 60, newer: 0 });
  const [before, after] = [await verifyLog(source, nothing), await verifyLog(target, nothing)];
  expect(before.faults).toEqual([]);
  expect(after).toEqual(before);
  expect(await copyLog(source, target, quietly)).toEqual({ compared: 60, copied: 0, newer: 0 });
});

test('a copy that died half way goes on where it stopped', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 40);
  const dying = failing(target, 17, new Error('died'));
  await expect(copyLog(source, dying, quietly)).rejects.toThrow('died');
  const { compared, copied } = await copyLog(source, target, quietly);
  expect([compared > 0, compared + copied]).toEqual([true, 60]);
  expect(await compareLogs(source, target, quietly)).toBe(60);
});

test.each(['UNAVAILABLE', 'UNKNOWN_OUTCOME'] as const)(
  'a target that is %s for a while is waited for, and nothing is there twice',
  async (code) => {
    const source = new MemoryEventStore();
    const target = new MemoryEventStore();
    await fill(source, 400);
    let pauses = 0;
    const shaky = failing(target, 99, new EventStoreError(code, 'gone'));
    const pause = async (): Promise<void> => void (pauses += 1);
    const { compared, copied } = await copyLog(source, shaky, { onProgress: nothing, pause });
    // Appends under way when it failed are found there, not copied again.
    expect([compared > 0, compared + copied, pauses]).toEqual([true, 600, 1]);
    expect(await verifyLog(target, nothing)).toEqual(await verifyLog(source, nothing));
  },
);

test('a source that is written to meanwhile is compared as far as it was copied', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 40);
  await copyLog(source, target, quietly);
  await fill(source, 2);
  expect(await compareLogs(source, target, { ...quietly, limit: 60 })).toBe(60);
  await expect(compareLogs(source, target, quietly)).rejects.toThrow('lacks');
});

test('an event that no reader applies is not copied until it is void; then it is, with what says so', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 3);
  const poison = randomUUID();
  await source.append('rolebook.role-a.poisoned', 'no-stream', [
    { id: poison, type: 'UserAssigned', data: { role: 5 }, metadata: { part: '1', parts: '2' } },
  ]);
  await fill(source, 2);
  await expect(copyLog(source, target, quietly)).rejects.toThrow(UnsoundSourceError);
  await expect(copyLog(source, target, quietly)).rejects.toThrow(`rolebook log void ${poison}`);
  const actor = { type: 'operator', id: 'op' } as const;
  await voidEvent(
    { store: source, readable: source, directory: '', recordedReason: reasonInClear },
    { event: poison, reason: 'SUP-1', actor },
  );
  await copyLog(source, target, quietly);
  expect(await compareLogs(source, target, quietly)).toBe((await verifyLog(source, nothing)).events);
});

test('an event of a later release is copied as it stands, counted, and reported by a check as what it is', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 3);
  const metadata = {
    ...soundMetadata(1, 1, 'c'),
    schemaVersion: String(READS_SCHEMA + 1),
    since: 'a later schema',
  };
  await source.append('rolebook.role-a.r0', 'any', [
    { id: randomUUID(), type: 'RoleFrozen', data: { role: 'r0' }, metadata },
  ]);
  await fill(source, 2);
  expect(await copyLog(source, target, quietly)).toMatchObject({ newer: 1 });
  const [before, after] = [await verifyLog(source, nothing), await verifyLog(target, nothing)];
  expect(after).toEqual(before);
  expect(before.faults).toEqual([
    `revision 1 of rolebook.role-a.r0: RoleFrozen is newer than this program: ${newerMessage(READS_SCHEMA + 1)}`,
  ]);
});

test('an event of a later release on a kind of stream that is not known is not copied: a newer program is wanted', async () => {
  const source = new MemoryEventStore();
  await fill(source, 1);
  const metadata = { ...soundMetadata(1, 1, 'c'), schemaVersion: String(READS_SCHEMA + 1) };
  const event = { id: randomUUID(), type: 'PolicyMade', data: {}, metadata };
  const later: EventStore = {
    ...storeOf(source),
    line: () => source.line(),
    format: () => source.format(),
    origin: () => source.origin(),
    head: () => source.head(),
    async *readAll() {
      yield* source.readAll();
      yield { ...event, stream: 'rolebook.policy-a.p', revision: 0, position: 99n };
    },
  };
  await expect(copyLog(later, new MemoryEventStore(), quietly)).rejects.toMatchObject({
    code: 'NEWER',
    message: expect.stringContaining('upgrade') as string,
  });
});

test('a target that stays away is given up', async () => {
  const source = new MemoryEventStore();
  await fill(source, 3);
  const gone: EventStore = {
    ...storeOf(source),
    takeLine: async () => true,
    takeFormat: async () => true,
    async *appendInOrder() {
      throw new EventStoreError('UNAVAILABLE', 'gone');
    },
  };
  await expect(copyLog(source, gone, quietly)).rejects.toThrow('gone');
});

test('progress tells how many there are in all', async () => {
  const source = new MemoryEventStore();
  await fill(source, 40);
  const told: (number | null)[][] = [];
  const onProgress = (done: number, total: number | null): void => void told.push([done, total]);
  await copyLog(source, new MemoryEventStore(), { onProgress });
  expect(told.at(-1)).toEqual([60, 60]);
  expect(new Set(told.map(([, total]) => total))).toEqual(new Set([60]));
});

test('a target with other events is refused, and nothing is written to it', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 3);
  await fill(target, 1);
  const before = await verifyLog(target, nothing);
  await expect(copyLog(source, target, quietly)).rejects.toThrow(LogMismatchError);
  expect(await verifyLog(target, nothing)).toEqual(before);
});

test('an event that says what it may not, and an append that is not whole, are reported', async () => {
  const store = new MemoryEventStore();
  await store.append('rolebook.role-a.r', 'any', [
    { id: randomUUID(), type: 'UserAssigned', data: { role: 'r' }, metadata: soundMetadata(1, 2, 'c') },
  ]);
  const { faults } = await verifyLog(store, nothing);
  expect(faults.join('\n')).toMatch(/user.*\n.*not whole/s);
});

describe('an embedded log that was edited with SQLite', () => {
  let directory: string;
  let noted: { position: bigint; digest: string };
  beforeEach(async () => {
    directory = newDirectory();
    const store = await openEmbeddedStore({ directory });
    await fill(store, 40);
    const { place, digest } = await verifyLog(store, nothing, { contiguous: true });
    noted = { position: place!.position, digest };
    await store.close();
  });
  afterEach(() => removeDirectory(directory));

  const edited = async (sql: string, known?: typeof noted): Promise<string> => {
    const database = new DatabaseSync(path.join(directory, 'log.sqlite'));
    database.exec(sql);
    database.close();
    const store = await openEmbeddedStore({ directory, readOnly: true });
    const { faults } = await verifyLog(store, nothing, { contiguous: true, known });
    await store.close();
    return faults.join('\n');
  };

  test('an event that was taken away leaves a gap; the last one is missed by what was noted', async () => {
    expect(await edited('DELETE FROM events WHERE position = 30')).toContain('taken away');
    await expect(edited('DELETE FROM events WHERE position = 60', noted)).resolves.toContain(
      'there is no event at the noted position',
    );
  });

  test('other data that is as sound is found by what was noted, and by nothing else', async () => {
    const sql = `UPDATE events SET data = replace(data, 'u3-', 'u9-') WHERE position = 6`;
    expect(await edited(sql)).toBe('');
    expect(await edited('', noted)).toContain('was changed');
    expect(
      await edited(`UPDATE events SET data = replace(data, 'u9-', 'u3-') WHERE position = 6`, noted),
    ).toBe('');
  });
});

test('a copy is of the format of its source, and a target of another format is refused', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore({ formatOfNew: 1 });
  const written = { id: randomUUID(), type: 'Tested', data: {}, metadata: {} };
  await target.append('rolebook.role-x.y', 'no-stream', [written]);
  await expect(copyLog(source, target, quietly)).rejects.toThrow(
    new LogMismatchError('The target is to be a log of format 2, and is one of another format.'),
  );
  const empty = new MemoryEventStore({ formatOfNew: 1 });
  await copyLog(source, empty, quietly);
  expect(await empty.format()).toBe(2);
  await compareLogs(source, empty, quietly);
});
