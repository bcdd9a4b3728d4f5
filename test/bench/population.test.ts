import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ACCOUNT, ADMIN, PopulationLog, type Append } from '../../bench/population/events';
import { ListsLog, RARE } from '../../bench/population/lists';
import { userId, userProfile } from '../../bench/population/names';
import { planOf, range } from '../../bench/population/plan';
import { firstOrdinary, shapeOf } from '../../bench/population/shape';
import { writeAll } from '../../bench/population/write';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { isEventType, validateEvent, validateMetadata } from '../../src/domain/schemas';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { Models } from '../projections/log';
import { projectedLog } from '../../src/app/sealing';
import { parseStream } from '../../src/event-store/port/streams';
import { openKeyBook } from '../../src/keys/book/key-book';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';

/** The bench measures a log that commands could have written, or it measures nothing. */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const USERS = 500;
const plan = planOf(shapeOf(USERS), file);
const newLog = (): PopulationLog =>
  new PopulationLog(
    plan,
    file.features.map(({ key }) => key),
  );
const appendsOf = (log: PopulationLog): Append[] => [...log.before(), ...log.after()];
const features = file.features.map(({ key }) => key);
const newListsLog = (): ListsLog => new ListsLog(plan, features);
const listsAppendsOf = (log: ListsLog): Append[] => [
  ...log.before(),
  ...log.lively(),
  ...log.after(),
  ...log.late(),
  ...log.recent(),
];
/** Both populations. */
const POPULATIONS: readonly (readonly [name: string, make: () => Append[], events: () => number])[] = [
  ['the one of most groups', () => appendsOf(newLog()), () => newLog().events],
  ['the one for lists', () => listsAppendsOf(newListsLog()), () => newListsLog().events],
];

test.each(POPULATIONS)('%s: every event and its metadata are valid by their definitions', (_, make) => {
  const faults = make().flatMap(({ events }) =>
    events.flatMap(({ type, data, metadata }) => [
      ...(isEventType(type) ? validateEvent(type, data) : [`no type ${type}`]),
      ...validateMetadata(metadata),
    ]),
  );
  expect(faults).toEqual([]);
});

test.each(POPULATIONS)('%s: the same every time, and as many events as it says', (_, make, count) => {
  const appends = make();
  expect(make()).toEqual(appends);
  expect(appends.reduce((sum, { events }) => sum + events.length, 0)).toBe(count());
  const ids = appends.flatMap(({ events }) => events.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a user whom checks ask about is in as many roles in every size', () => {
  const rolesPerUser = [1_000, 20_000].map((users) => {
    const { roles, shape } = planOf(shapeOf(users), file);
    const first = firstOrdinary(shape);
    const memberships = roles.flatMap(({ members }) => members.filter((n) => n >= first));
    return memberships.length / (users - first);
  });
  expect(rolesPerUser[0]).toBeCloseTo(rolesPerUser[1]!, 1);
});

describe('projected', () => {
  const models = new Models();
  afterAll(() => models.cleanUp());

  test('for lists: with sign-ins, inactive users, deleted roles, and what is rare', async () => {
    const store = new MemoryEventStore();
    await publishCatalogue({
      store,
      file,
      metadata: operatorMetadata({ actorId: 'test', requestId: 'test' }),
    });
    const book = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
    const to = { store, sealing: await new KeyedSealing(book).openAccount(ACCOUNT) };
    await writeAll(to, listsAppendsOf(newListsLog()), () => undefined);
    const onUnreadable = (): never => {
      throw new Error('unreadable');
    };
    const readModels = await models.current(projectedLog(store, book, { onUnreadable }));
    expect(readModels.status()).toMatchObject({ state: 'live', poison: null });
    const now = readModels.view(ACCOUNT);
    expect(await now.countUsers({ status: 'INACTIVE' })).toBe(20);
    expect(await now.countUsers({ search: RARE })).toBe(30);
    expect(await now.countRoles({ search: RARE })).toBe(25);
    expect(await now.countRoles({ kind: 'CUSTOM' })).toBe(plan.shape.roles);
    expect(await now.countRoles({ kind: 'CUSTOM', includeDeleted: true })).toBe(plan.shape.roles + 3);
    const byLogin = { field: 'LAST_LOGIN_AT', direction: 'ASC' } as const;
    const users = (await now.userList({}, byLogin, { first: USERS })).items.map(({ item }) => item);
    expect(users.filter(({ lastLoginAt }) => lastLoginAt !== null).length).toBeGreaterThan(USERS / 3);
  });

  test('as planned, with no event that cannot be applied', async () => {
    const store = new MemoryEventStore();
    await publishCatalogue({
      store,
      file,
      metadata: operatorMetadata({ actorId: 'test', requestId: 'test' }),
    });
    const log = newLog();
    const book = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
    const to = { store, sealing: await new KeyedSealing(book).openAccount(ACCOUNT) };
    const past = await writeAll(to, log.before(), () => undefined);
    await writeAll(to, log.after(), () => undefined);
    for await (const { stream, data } of store.readAll())
      if (parseStream(stream)?.category === 'user') expect(JSON.stringify(data)).not.toContain('@');
    const unreadable: unknown[] = [];
    const onUnreadable = (...found: unknown[]): void => void unreadable.push(found);
    const readModels = await models.current(projectedLog(store, book, { onUnreadable }));
    expect(unreadable).toEqual([]);
    expect(readModels.status()).toMatchObject({ state: 'live', poison: null });

    const now = readModels.view(ACCOUNT);
    const then = readModels.view(ACCOUNT, { position: past });
    expect(await now.countUsers({})).toBe(USERS + 1);
    expect(await now.countUsers({ search: userProfile(1).username })).toBe(1);
    expect(await now.countRoles({ kind: 'CUSTOM' })).toBe(plan.shape.roles);
    expect(await now.countRoleUsers(plan.large.id, {})).toBe(plan.shape.large);
    expect(now.check(ADMIN, 'roles/assign', null).allowed).toBe(true);
    for (const [permission, holders] of [
      [plan.wanted.few, plan.shape.few],
      [plan.wanted.some, plan.shape.some],
    ] as const) {
      // The admin may hold it too, by the catalogue.
      const byCatalogue = now.check(ADMIN, permission, null).allowed ? 1 : 0;
      expect(await now.countHolders(permission, null)).toBe(holders + byCatalogue);
    }
    expect(await now.countHolders(plan.wanted.nearlyAll, null)).toBeGreaterThan(USERS * 0.9);

    const renamed = plan.ordinary[0]!;
    expect(then.roles([renamed.id]).get(renamed.id)?.name).toBe(renamed.name);
    expect(now.roles([renamed.id]).get(renamed.id)?.name).toBe(`${renamed.name} II`);
    // Users who are asked about have the same roles then and now.
    const asked = range(firstOrdinary(plan.shape), USERS).map(userId);
    expect(now.rolesOf(asked)).toEqual(then.rolesOf(asked));
  });
});
