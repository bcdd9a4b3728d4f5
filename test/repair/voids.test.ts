import { READS_SCHEMA } from '../../src/domain/schema-versions';
import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { repairStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { eventDigest } from '../../src/repair/digest';
import { readVoids } from '../../src/repair/voids';
import { VoidRefusedError, voidEvent, type VoidRequest } from '../../src/operations/log/void';
import { verifyLog } from '../../src/operations/log/verify';
import { newDirectory, removeDirectory } from '../directories';
import { reasonInClear } from '../sealing/plain';
import { ACCOUNT, CATALOGUE, Log } from '../projections/log';

/** Events that may be declared void, and others, on a log that was poisoned by hand. */

let log: Log;
let directory: string;
beforeEach(async () => {
  directory = newDirectory();
  log = new Log(new MemoryEventStore());
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
});
afterEach(() => removeDirectory(directory));

const all = async (): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const event of log.store.readAll()) events.push(event);
  return events;
};
const last = async (): Promise<RecordedEvent> => (await all()).at(-1)!;
const assign = (user: unknown) =>
  log.append(roleStream(ACCOUNT, 'viewer'), ['UserAssigned', { role: 'viewer', user }]);

const declare = (event: string, wish: Partial<VoidRequest> = {}) =>
  voidEvent(
    { store: log.store, readable: log.store, directory, recordedReason: reasonInClear },
    { event, reason: 'SUP-7', actor: { type: 'operator', id: 'root' }, ...wish },
  );
const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'done',
    (error: unknown) => (error instanceof VoidRefusedError ? error.code : String(error)),
  );

const appendNewer = async (stream: string, type: string, data: object): Promise<RecordedEvent> => {
  const event = log.event(type, data);
  await log.store.append(stream, 'any', [
    { ...event, metadata: { ...event.metadata, schemaVersion: String(READS_SCHEMA + 1) } },
  ]);
  return last();
};

test.each([
  ['breaks its definition', () => assign(7)],
  ['is of an unknown type', () => log.append(roleStream(ACCOUNT, 'viewer'), ['RoleFrozen', {}])],
  [
    'is about another role',
    () => log.append(roleStream(ACCOUNT, 'viewer'), ['UserAssigned', { role: 'x', user: 'ada' }]),
  ],
  ['cannot be applied after those before it', () => assign('ghost')],
])('an event that %s is declared void, with its digest, by whom and why', async (_, poison) => {
  await poison();
  const poisoned = await last();
  await log.register('bob');
  const declared = await declare(poisoned.id.toUpperCase(), { digest: eventDigest(poisoned) });
  const { id: event, stream, revision } = poisoned;
  expect(declared).toMatchObject({ event, stream, revision, digest: eventDigest(poisoned), reason: 'SUP-7' });
  const recorded = await last();
  expect(recorded).toMatchObject({ stream: repairStream, revision: 0, type: 'EventVoided' });
  expect(recorded.metadata).toMatchObject({ actorType: 'operator', actorId: 'root', reason: 'SUP-7' });
  expect((await readVoids(log.store)).of(poisoned)).toMatchObject({ by: { id: 'root' }, reason: 'SUP-7' });
  expect(await codeOf(declare(event))).toBe('EVENT_ALREADY_VOID');
  expect(await codeOf(declare(recorded.id))).toBe('EVENT_OF_REPAIR');
});

test.each([
  [1, '1', undefined],
  [2, '2', 'ops-1'],
] as const)(
  'in a log of format %p it needs schema %p, and names the machine as %p',
  async (format, ...told) => {
    log = new Log(new MemoryEventStore({ formatOfNew: format }));
    await assign(7);
    await declare((await last()).id, { actor: { type: 'operator', id: 'root', host: 'ops-1' } });
    const { metadata } = await last();
    expect([metadata['schemaVersion'], metadata['actorHost']]).toEqual(told);
    expect((await readVoids(log.store)).all).toMatchObject([{ by: { type: 'operator', id: 'root' } }]);
    expect((await readVoids(log.store)).all[0]?.by.host).toBe(told[1]);
  },
);

test('what readers apply, what is not there, another digest, and bad words are refused; nothing is written', async () => {
  const sound = await last();
  expect(await codeOf(declare(sound.id))).toBe('EVENT_SOUND');
  await assign('ghost');
  const first = await last();
  await assign('spirit');
  const second = await last();
  const before = (await last()).position;
  expect(await codeOf(declare(sound.id))).toBe('EVENT_SOUND');
  expect(await codeOf(declare(randomUUID()))).toBe('EVENT_NOT_FOUND');
  expect(await codeOf(declare(first.id, { digest: eventDigest(second) }))).toBe('DIGEST_DIFFERS');
  expect(await codeOf(declare(second.id))).toBe('POISON_BEFORE_IT');
  for (const id of ['', 'nope', `${first.id}x`]) expect(await codeOf(declare(id))).toBe('INVALID_INPUT');
  for (const reason of ['', '  ', '\u200b'])
    expect(await codeOf(declare(first.id, { reason }))).toBe('INVALID_INPUT');
  expect(await codeOf(declare(first.id, { reason: 'x'.repeat(201) }))).toBe('INVALID_INPUT');
  expect((await last()).position).toBe(before);
  expect(await codeOf(declare(first.id))).toBe('done');
  expect(await codeOf(declare(second.id))).toBe('done');
});

test('of two who declare the same event void at once one is refused', async () => {
  await assign(7);
  const { id } = await last();
  const outcomes = await Promise.all([codeOf(declare(id)), codeOf(declare(id))]);
  expect(outcomes.sort()).toEqual(['EVENT_ALREADY_VOID', 'done']);
});

test('of events that share an id the one that stops readers is meant', async () => {
  const id = randomUUID();
  await log.store.append(userStream(ACCOUNT, 'bob'), 'any', [
    { ...log.event('UserRegistered', { user: 'bob', username: 'bob', name: 'Bob' }), id },
  ]);
  await log.store.append(userStream(ACCOUNT, 'eve'), 'any', [
    { ...log.event('UserRegistered', { user: 'eve' }), id },
  ]);
  expect(await declare(id)).toMatchObject({ stream: userStream(ACCOUNT, 'eve') });
});

test('verify: a void event is no fault; declarations that name nothing, repeat or are unsound are', async () => {
  await assign(7);
  const poisoned = await last();
  expect((await verifyLog(log.store, () => undefined)).faults).toHaveLength(1);
  await declare(poisoned.id);
  expect(await verifyLog(log.store, () => undefined, { contiguous: true })).toMatchObject({
    faults: [],
    voided: 1,
  });
  const { data } = await last();
  await log.append(repairStream, ['EventVoided', data]);
  await log.append(repairStream, ['EventVoided', { ...data, revision: 99 }]);
  await log.append(repairStream, ['EventVoided', { event: 7 }]);
  const { faults } = await verifyLog(log.store, () => undefined);
  for (const expected of [
    /^revision 1 .*void before$/,
    /^revision 3 .*no sound declaration/,
    /revision 99 .* not what/,
  ])
    expect(faults.filter((fault) => expected.test(fault))).toHaveLength(1);
  expect(faults.every((fault) => /^(revision [13] of rolebook.repair|the event)/.test(fault))).toBe(true);
});

test('verify: what was noted is held against what is there now', async () => {
  const noted = await verifyLog(log.store, () => undefined);
  const known = { position: noted.place!.position, digest: noted.digest };
  await log.register('bob');
  expect((await verifyLog(log.store, () => undefined, { known })).faults).toEqual([]);
  const other = { ...known, digest: '0'.repeat(64) };
  expect((await verifyLog(log.store, () => undefined, { known: other })).faults.join()).toContain(
    'was changed',
  );
  const beyond = { ...known, position: known.position + 99n };
  expect((await verifyLog(log.store, () => undefined, { known: beyond })).faults.join()).toContain(
    'there is no event at the noted position',
  );
});

test('an event of a later release is no poison, and beside one nothing is declared void', async () => {
  await assign(7);
  const poison = await last();
  const newer = await appendNewer(roleStream(ACCOUNT, 'viewer'), 'RoleFrozen', { role: 'viewer' });
  expect(await codeOf(declare(newer.id))).toBe('LOG_NEWER');
  expect(await codeOf(declare(poison.id))).toBe('LOG_NEWER');
  expect((await readVoids(log.store)).all).toEqual([]);
});

test('a declaration of a later release has no effect here, is no fault by itself, and stops what would follow', async () => {
  await assign(7);
  const poison = await last();
  await appendNewer(repairStream, 'EventVoided', { event: poison.id });
  expect((await readVoids(log.store)).of(poison)).toBeNull();
  expect(await codeOf(declare(poison.id))).toBe('LOG_NEWER');
});
