import fc from 'fast-check';
import type { HistoryFilter, HistoryRow, Page, View } from '../../projections/view';
import { changesRole } from '../../src/domain/role/events';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { Book, KNOWN, steps } from './histories';
import { linesOf, naiveHistory, naiveLines } from '../whole/naive-history';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Entries of history under each filter, and their agreement with the time line. */

const models: Models[] = [];
afterAll(() => Promise.all(models.map((each) => each.cleanUp())));

async function opened(): Promise<{ log: Log; view: () => Promise<View> }> {
  const folder = new Models();
  models.push(folder);
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (const user of ['ada', 'bob', 'eve']) await log.register(user);
  const read = await folder.current(log.store);
  return {
    log,
    async view() {
      const { position } = (await log.store.head())!;
      expect(await read.waitFor(position, 5_000)).toBe(true);
      return read.view(ACCOUNT);
    },
  };
}

const PAGE = { first: 500 };
const rows = async (view: View, filter: HistoryFilter): Promise<HistoryRow[]> =>
  (await view.history(filter, PAGE)).items.map(({ item }) => item);
const types = async (view: View, filter: HistoryFilter): Promise<string[]> =>
  (await rows(view, filter)).map(({ type }) => type);

describe('Actors', () => {
  const ids = ['operator', 'User:operator', 'a:b'];
  const kinds = ['user', 'service', 'operator'] as const;

  test('of one id and different types are told apart, by filter and in what is told', async () => {
    const { log, view } = await opened();
    for (const id of ids) {
      for (const type of kinds) {
        log.actor = { type, id };
        await log.feature(`${type}-${id}`);
      }
    }
    const now = await view();
    for (const id of ids) {
      for (const type of kinds) {
        const found = await rows(now, { actor: { type, id } });
        expect(found.map(({ actor, data }) => [actor, data['feature']])).toEqual([
          [{ type, id }, `${type}-${id}`],
        ]);
        expect(await now.countHistory({ actor: { type, id } })).toBe(1);
      }
    }
    expect(await rows(now, { actor: { type: 'user', id: 'nobody' } })).toEqual([]);
  });
});

test('an entry says where its append ends, however the page is cut', async () => {
  const { log, view } = await opened();
  await log.create('r', 'R', { 'people/view': [], 'flows/view': [] }, ['ada', 'bob', 'eve']);
  await log.create('s', 'S', {}, ['eve']);
  const now = await view();
  const whole = await rows(now, {});
  const ends = (role: string): number[] =>
    whole.filter((row) => row.role === role).map(({ shown }) => shown.ordinal);
  for (const role of ['r', 's']) {
    const last = Math.max(...whole.filter((row) => row.role === role).map(({ ordinal }) => ordinal));
    expect(new Set(ends(role))).toEqual(new Set([last]));
  }
  expect(ends('r')).toHaveLength(6);
  for (const filter of [{}, { types: ['UserAssigned'] }, { role: 'r' }]) {
    const expected = await rows(now, filter);
    for (let after: string | null = null, at = 0; at < expected.length; at += 1) {
      const page: Page<HistoryRow> = await now.history(filter, { first: 1, after });
      expect(page.items[0]!.item.shown).toEqual(expected[at]!.shown);
      after = page.items[0]!.cursor;
    }
  }
});

describe('The deletion of a role', () => {
  test('is in the history of who was in it then, and of what it granted then', async () => {
    const { log, view } = await opened();
    await log.create('r', 'R', { 'people/view': [], 'flows/view': [] }, ['ada', 'bob', 'eve']);
    await log.create('other', 'O', { 'flows/edit': [] }, ['eve']);
    await log.role(
      'r',
      ['UserUnassigned', { user: 'ada' }],
      ['PermissionRevoked', { permission: 'flows/view', scopes: [] }],
    );
    const before = await log.role('r', ['RoleDeleted', { name: 'R' }]);
    const now = await view();
    expect(await types(now, { user: 'bob' })).toEqual(['RoleDeleted', 'UserAssigned', 'UserRegistered']);
    expect(await types(now, { user: 'ada' })).toEqual(['UserUnassigned', 'UserAssigned', 'UserRegistered']);
    const ofCustom = async (permission: string): Promise<string[]> =>
      (await types(now, { permission })).filter((type) => type !== 'DefaultRoleChanged');
    expect(await ofCustom('people/view')).toEqual(['RoleDeleted', 'PermissionGranted']);
    expect(await ofCustom('flows/view')).toEqual(['PermissionRevoked', 'PermissionGranted']);
    expect(await ofCustom('flows/edit')).toEqual(['PermissionGranted']);
    expect(await types(now, { user: 'eve', permission: 'people/view' })).toEqual(['RoleDeleted']);
    expect(await types(now, { user: 'eve', permission: 'flows/edit' })).toEqual([]);
    expect(await types(now, { user: 'eve', types: ['RoleDeleted'] })).toEqual(['RoleDeleted']);
    expect(await types(now, { user: 'eve', role: 'other' })).toEqual(['UserAssigned']);
    expect([
      await now.countHistory({ user: 'bob' }),
      await now.countHistory({ permission: 'people/view' }),
    ]).toEqual([3, 4]);
    const entry = (await rows(now, { user: 'bob' }))[0]!;
    expect(entry).toMatchObject({ position: before, role: 'r', user: null, permission: null });
    expect(await types(now, { user: 'bob', until: new Date(entry.at.getTime() - 1) })).not.toContain(
      'RoleDeleted',
    );
  });

  test('of many users and grants is one row, whoever asks', async () => {
    const { log, view } = await opened();
    const users = Array.from({ length: 1_500 }, (_, index) => `u${index}`);
    for (const user of users) await log.register(user);
    await log.create('r', 'R', { 'people/view': [] });
    for (let from = 0; from < users.length; from += 500)
      await log.assign('r', ...users.slice(from, from + 500));
    const without = (await (await view()).countHistory({}))!;
    await log.role('r', ['RoleDeleted', { name: 'R' }]);
    const now = await view();
    expect(await now.countHistory({})).toBe(without + 1);
    for (const user of ['u0', 'u777', 'u1499']) expect((await types(now, { user }))[0]).toBe('RoleDeleted');
  });

  test('is found page by page among many others', async () => {
    const { log, view } = await opened();
    // Both default roles grant it.
    const expected = ['DefaultRoleChanged', 'DefaultRoleChanged'];
    for (let n = 0; n < 40; n += 1) {
      await log.create(`r${n}`, `R${n}`, { 'people/view': [] }, ['bob']);
      if (n % 3 === 0) await log.role(`r${n}`, ['RoleDeleted', { name: `R${n}` }]);
      expected.push('PermissionGranted', ...(n % 3 === 0 ? ['RoleDeleted'] : []));
    }
    const now = await view();
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Page<HistoryRow> = await now.history({ permission: 'people/view' }, { first: 7, after });
      seen.push(...page.items.map(({ item }) => item.type));
      if (!page.hasMore) break;
      after = page.items.at(-1)!.cursor;
    }
    expect(seen).toEqual(expected.reverse());
    expect(await now.countHistory({ user: 'bob', types: ['RoleDeleted'] })).toBe(14);
  });
});

/** Ids of the events that changed something for a user, newest first; by folding the log alone. */
function concerning(events: readonly RecordedEvent[], user: string): string[] {
  const found: string[] = [];
  const members = new Map<string, Set<unknown>>();
  for (const event of events) {
    const { data, type } = event;
    if (parseStream(event.stream)?.category === 'catalogue' || !changesRole(event)) continue;
    const of = members.get(String(data['role'])) ?? new Set();
    members.set(String(data['role']), of);
    if (data['user'] === user || (type === 'RoleDeleted' && of.has(user))) found.push(event.id);
    if (type === 'UserAssigned') of.add(data['user']);
    if (type === 'UserUnassigned' || (type === 'UserBarred' && data['member'])) of.delete(data['user']);
    if (type === 'RoleDeleted') of.clear();
  }
  return found.reverse();
}

test('whatever happened on whatever clocks: each list is what the log says, and each entry is found by its own time', async () => {
  const clocks = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, clocks, async (history, jumps) => {
      const { log, view } = await opened();
      const book = new Book(log);
      for (const [index, step] of history.entries()) {
        // `append` goes on a day; clocks that differ go back and forth by a month.
        log.day = 100 + index + (jumps[index] ?? 0);
        await book.take(step);
      }
      const now = await view();
      const events: RecordedEvent[] = [];
      for await (const event of log.store.readAll()) events.push(event);
      const ids = async (filter: HistoryFilter) => (await rows(now, filter)).map(({ eventId }) => eventId);
      for (const user of KNOWN.users) expect(await ids({ user })).toEqual(concerning(events, user));
      const naive = naiveHistory(events, ACCOUNT);
      const lines = async (filter: HistoryFilter) => linesOf(await rows(now, filter));
      for (const permission of KNOWN.permissions)
        expect(await lines({ permission })).toEqual(
          naiveLines(naive.filter(({ about }) => about.includes(permission))),
        );
      for (const role of KNOWN.roles)
        expect(await lines({ role })).toEqual(naiveLines(naive.filter((entry) => entry.role === role)));
      const all = await rows(now, {});
      expect(linesOf(all)).toEqual(naiveLines(naive));
      for (const { at, recordedAt, eventId } of all) {
        expect(await ids({ since: at, until: at })).toContain(eventId);
        expect(recordedAt.getTime()).toBeLessThanOrEqual(at.getTime());
        const recorded = events.find(({ id }) => id === eventId)?.metadata['recordedAt'];
        expect(recordedAt.toISOString()).toBe(recorded);
      }
      expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort((a, b) => Number(b) - Number(a)));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 15) },
  );
});
