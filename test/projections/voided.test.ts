import { setTimeout as sleep } from 'node:timers/promises';
import { createDecisionReads } from '../../projections';
import type { LocalReadModels } from '../../projections';
import { claimFold, roleFold } from '../../src/commands/streams/folds';
import { StreamLoader } from '../../src/commands/streams/stream-loader';
import type { SnapshotKey } from '../../src/event-store/port/snapshot-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { claimStream, repairStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { eventDigest } from '../../src/repair/digest';
import { KnownVoids } from '../../src/repair/known-voids';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Readers at a poison event, and after it was declared void. */

const VIEWER = roleStream(ACCOUNT, 'viewer');
let folders: Models[];
let log: Log;

beforeEach(async () => {
  folders = [];
  log = new Log(new MemoryEventStore());
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ada');
});
afterEach(() => Promise.all(folders.map((folder) => folder.cleanUp())));

function folder(): Models {
  const made = new Models();
  folders.push(made);
  return made;
}

const last = async (): Promise<RecordedEvent> => {
  let found: RecordedEvent | undefined;
  for await (const event of log.store.readAll()) found = event;
  return found!;
};

async function declare(event: RecordedEvent): Promise<bigint> {
  const { id, stream, revision } = event;
  const { actor } = log;
  log.actor = { type: 'operator', id: 'root' };
  const data = { event: id, stream, revision, digest: eventDigest(event), reason: 'SUP-7' };
  const position = await log.append(repairStream, ['EventVoided', data]);
  log.actor = actor;
  return position;
}

const stopped = async (models: LocalReadModels): Promise<void> => {
  while (models.status().state !== 'poisoned') await sleep(5);
};

test('a replica says at which event it stopped, refuses commands at once, and goes on by itself when that is void', async () => {
  const read = await folder().current(log.store);
  const reads = createDecisionReads(read);
  expect(reads.poisoned()).toBe(false);
  await log.append(VIEWER, ['UserAssigned', { role: 'viewer', user: 7 }]);
  const poison = await last();
  await log.register('bob');
  await stopped(read);
  const { id, type, stream, revision, position } = poison;
  expect(read.status().poisonEvent).toEqual({ id, type, stream, revision, position });
  expect([reads.poisoned(), await read.view(ACCOUNT).countUsers({})]).toEqual([true, 1]);
  const end = await declare(poison);
  expect(await read.waitFor(end, 20_000)).toBe(true);
  while (read.status().state !== 'live') await sleep(5);
  expect(read.status()).toMatchObject({ poison: null, poisonEvent: null });
  expect([reads.poisoned(), reads.voidedBy()]).toEqual([false, end]);
  expect(await read.view(ACCOUNT).countUsers({})).toBe(2);
  // One that follows, one that is built anew and one that starts at the end agree.
  const digest = await read.digest();
  await read.rebuild();
  expect(await read.digest()).toBe(digest);
  expect(await (await folder().current(log.store)).digest()).toBe(digest);
});

test('a restart stops at it again, and after the declaration goes on; the file that was built is the one in use', async () => {
  await log.append(VIEWER, ['UserAssigned', { role: 'viewer', user: 'ghost' }]);
  const poison = await last();
  const models = folder();
  for (let start = 0; start < 2; start += 1) {
    const read = await models.open(log.store);
    await expect(read.caughtUp()).rejects.toThrow('never registered');
    await read.close();
  }
  const end = await declare(poison);
  const read = await models.current(log.store);
  expect(read.status()).toMatchObject({ state: 'live', position: end });
  await read.close();
  expect(await models.open(log.store)).toMatchObject({});
  expect(models.files()).toEqual(['read-models-1.sqlite']);
});

test('history shows the event marked, with what of it is readable, where its stream belongs', async () => {
  const bare = {
    id: '0b7e4a0e-0000-4000-8000-000000000001',
    type: 'RoleFrozen',
    data: { role: 7 },
    metadata: { reason: ['x'] },
  };
  await log.store.append(VIEWER, 'any', [bare]);
  await declare(await last());
  await log.append(userStream(ACCOUNT, 'ada'), ['UserDeactivated', { user: 'bob' }]);
  await declare(await last());
  const read = await folder().current(log.store);
  const page = { first: 10 };
  const entries = (await read.view(ACCOUNT).history({}, page)).items.map(({ item }) => item);
  const [deactivated, frozen] = entries.filter(({ voided }) => voided);
  expect(deactivated).toMatchObject({
    type: 'UserDeactivated',
    user: 'ada',
    actor: { type: 'user', id: 'ada' },
    voided: { actor: { type: 'operator', id: 'root' }, reason: 'SUP-7', type: 'UserDeactivated' },
  });
  expect(frozen).toMatchObject({
    type: 'Other',
    actor: null,
    command: '',
    reason: null,
    voided: { type: 'RoleFrozen' },
  });
  const view = read.view(ACCOUNT);
  expect((await view.history({ user: 'ada' }, page)).items.some(({ item }) => item.voided)).toBe(true);
  expect((await view.history({ types: ['Other'] }, page)).items).toHaveLength(1);
  expect(view.users(['ada']).get('ada')?.status).toBe('ACTIVE');
  const elsewhere = await read.view('other').history({}, page);
  expect(elsewhere.items.every(({ item }) => !item.voided)).toBe(true);
});

test('what stands on the stream of repairs and declares nothing stops nobody', async () => {
  await log.append(repairStream, ['EventVoided', { event: 7 }]);
  await log.append(repairStream, ['Anything', {}]);
  const bare = { id: '0b7e4a0e-0000-4000-8000-000000000002', type: 'EventVoided', data: {}, metadata: {} };
  await log.store.append(repairStream, 'any', [bare]);
  expect((await folder().current(log.store)).status().state).toBe('live');
});

test('tables that took an event which is void are built anew at the next start', async () => {
  await log.role('viewer', ['UserAssigned', { user: 'ada' }]);
  const taken = await last();
  const models = folder();
  const read = await models.current(log.store);
  await declare(taken);
  await stopped(read);
  expect(read.status()).toMatchObject({ poisonEvent: null });
  await read.close();
  const again = await models.current(log.store);
  expect(again.view(ACCOUNT).rolesOf(['ada']).get('ada')).toEqual([]);
});

test('a publication of which an event is void does not hold; the one before it does', async () => {
  const read = await folder().current(log.store);
  await log.append('rolebook.catalogue', ['CataloguePublished', { version: 2 }]);
  await stopped(read);
  const end = await declare(await last());
  expect(await read.waitFor(end, 20_000)).toBe(true);
  expect(read.view(ACCOUNT).catalogue().version).toBe(1);
});

test('commands pass over it: what was folded before the declaration is not used after it', async () => {
  const tables: { at: bigint | null } = { at: null };
  const loader = new StreamLoader(
    log.store,
    null,
    { streams: 10 },
    { known: new KnownVoids(log.store), declaredUpTo: () => tables.at },
  );
  for (const user of ['a', 'b', 'c', 'd', 'e', 'ghost'])
    await log.append(VIEWER, ['UserAssigned', { role: 'viewer', user }]);
  const ghost = await last();
  expect((await loader.load(VIEWER, roleFold)).state.members.size).toBe(6);
  tables.at = await declare(ghost);
  const loaded = await loader.load(VIEWER, roleFold);
  expect([loaded.state.members.has('ghost'), loaded.state.members.size, loaded.revision]).toEqual([
    false,
    5,
    5,
  ]);
});

test('commands at an event that breaks its definition read the list again before they refuse', async () => {
  const loader = new StreamLoader(log.store);
  const stream = claimStream(ACCOUNT, 'x');
  await log.append(stream, ['Claimed', { kind: 'USERNAME', owner: 'ada', users: [] }]);
  await log.append(stream, ['Claimed', { kind: 'NONE' }]);
  await expect(loader.load(stream, claimFold)).rejects.toMatchObject({ code: 'LOG_POISONED' });
  await declare(await last());
  expect((await loader.load(stream, claimFold)).state.holder).toBe('ada');
});

test('a snapshot that was taken before the declaration is not asked for after it', async () => {
  const asked: string[] = [];
  const get = ({ stream }: SnapshotKey): null => {
    asked.push(stream);
    return null;
  };
  const snapshots = { get, put: () => Promise.resolve(), close: () => undefined };
  const voids = new KnownVoids(log.store);
  const loader = new StreamLoader(log.store, snapshots, { streams: 10 }, { known: voids });
  await log.append(VIEWER, ['UserAssigned', { role: 'viewer', user: 'ghost' }]);
  await loader.load(VIEWER, roleFold);
  await declare(await last());
  await voids.again();
  await loader.load(VIEWER, roleFold);
  expect(asked).toEqual([VIEWER, `${VIEWER} without 0`]);
});
