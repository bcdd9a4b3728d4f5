import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../../src/event-store/memory';
import type { EventStore } from '../../src/event-store/event-store';
import { copyLog, compareLogs, LogsDiffer } from '../../src/operations/log/copy';
import { verifyLog } from '../../src/operations/log/verify';

/** Moving a log: what was recorded arrives as it was recorded, and an interrupted copy goes on. */

const metadata = (part: number, parts: number, commandId: string) => ({
  actorType: 'operator',
  actorId: 'test',
  account: 'a',
  command: 'assignUsers',
  commandId,
  inputHash: 'x',
  requestId: 'r',
  part: String(part),
  parts: String(parts),
  basis: '-@-',
  schemaVersion: '1',
  recordedAt: '2026-01-01T00:00:00.000Z',
});

async function fill(store: EventStore, appends: number): Promise<void> {
  for (let index = 0; index < appends; index += 1) {
    const role = `r${index % 3}`;
    const commandId = randomUUID();
    const parts = 1 + (index % 2);
    const events = Array.from({ length: parts }, (_, part) => ({
      id: randomUUID(),
      type: 'UserAssigned',
      data: { role, user: `u${index}-${part}` },
      metadata: metadata(part + 1, parts, commandId),
    }));
    await store.append(`rolebook.role-a.${role}`, 'any', events);
  }
}

const nothing = (): void => undefined;

test('a copy has the digest of its source, and a second run copies nothing', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 40);
  expect(await copyLog(source, target, nothing)).toEqual({ compared: 0, copied: 60 });
  const [before, after] = [await verifyLog(source, nothing), await verifyLog(target, nothing)];
  expect(before.faults).toEqual([]);
  expect(after).toEqual(before);
  expect(await copyLog(source, target, nothing)).toEqual({ compared: 60, copied: 0 });
});

test('a copy that died half way goes on where it stopped', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 40);
  let appends = 0;
  const dying = {
    readAll: target.readAll.bind(target),
    append: (...request: Parameters<EventStore['append']>) =>
      (appends += 1) > 17 ? Promise.reject(new Error('died')) : target.append(...request),
  };
  await expect(copyLog(source, dying, nothing)).rejects.toThrow('died');
  const { compared, copied } = await copyLog(source, target, nothing);
  expect([compared > 0, compared + copied]).toEqual([true, 60]);
  expect(await compareLogs(source, target, nothing)).toBe(60);
});

test('a target with other events is refused, and nothing is written to it', async () => {
  const source = new MemoryEventStore();
  const target = new MemoryEventStore();
  await fill(source, 3);
  await fill(target, 1);
  const before = await verifyLog(target, nothing);
  await expect(copyLog(source, target, nothing)).rejects.toThrow(LogsDiffer);
  expect(await verifyLog(target, nothing)).toEqual(before);
});

test('an event that says what it may not, and an append that is not whole, are reported', async () => {
  const store = new MemoryEventStore();
  await store.append('rolebook.role-a.r', 'any', [
    { id: randomUUID(), type: 'UserAssigned', data: { role: 'r' }, metadata: metadata(1, 2, 'c') },
  ]);
  const { faults } = await verifyLog(store, nothing);
  expect(faults.join('\n')).toMatch(/user.*\n.*not whole/s);
});
