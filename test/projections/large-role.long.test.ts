import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import {
  OrderNotAsOfError,
  type MemberFilter,
  type MemberOrder,
  type Page,
  type PageRequest,
  type View,
} from '../../projections/view';
import type { Position } from '../../src/event-store/port/event-store';
import { nameKey, searchKey } from '../../src/domain/text';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';
import { edgesOf, everyPage, naivePage } from './paging';

/**
 * The users of roles that have so many that indexes are walked, not the role, and of one that has nearly as many. After
 * assignments and ends, sign-ins, other names and deactivations, in every order and direction, paged both ways, now and as
 * of the past: as a model says that only knows what was written.
 */

const models = new Models();
afterAll(() => models.cleanUp());

const USERS = 6_000;
const MEMBERS = 4_600;
const MIDDLING = 1_500;
const LARGE = 'viewer';
const ROLES = [LARGE, 'middling'] as const;
type RoleId = (typeof ROLES)[number];

interface Person {
  readonly name: string;
  readonly username: string;
  readonly active: boolean;
}
interface Moment {
  readonly position: Position;
  readonly people: ReadonlyMap<string, Person>;
  /** Numbers of the assignments that hold, by user. */
  readonly since: Readonly<Record<RoleId, ReadonlyMap<string, number>>>;
}

/** Model of all that was written to the log. */
class Model {
  readonly log = new Log();
  readonly people = new Map<string, Person>();
  readonly since: Record<RoleId, Map<string, number>> = { viewer: new Map(), middling: new Map() };
  /** The latest sign-ins, which are shown whatever the moment. */
  readonly logins = new Map<string, number>();
  #assignments = 0;

  async register(n: number): Promise<void> {
    const person = { name: `User ${(n * 37) % 900}`, username: `user-${(n * 7_919) % USERS}`, active: true };
    this.people.set(`u${n}`, person);
    await this.log.register(`u${n}`, person.name, person.username);
  }

  async assign(role: RoleId, users: readonly string[]): Promise<void> {
    await this.log.assign(role, ...users);
    for (const user of users) this.since[role].set(user, (this.#assignments += 1));
  }

  async unassign(role: RoleId, user: string): Promise<void> {
    await this.log.role(role, ['UserUnassigned', { user }]);
    this.since[role].delete(user);
  }

  async login(user: string, minute: number): Promise<void> {
    const time = Date.UTC(2026, 0, 1, 0, minute);
    await this.log.user(user, 'UserLoggedIn', { at: new Date(time).toISOString() });
    this.logins.set(user, Math.max(time, this.logins.get(user) ?? 0));
  }

  async rename(user: string, name: string): Promise<void> {
    const from = this.people.get(user)!;
    const { username } = from;
    await this.log.user(user, 'UserProfileChanged', {
      from: { username, name: from.name },
      to: { username, name },
    });
    this.people.set(user, { ...from, name });
  }

  async setActive(user: string, active: boolean): Promise<void> {
    await this.log.user(user, active ? 'UserReactivated' : 'UserDeactivated', {});
    this.people.set(user, { ...this.people.get(user)!, active });
  }

  async moment(): Promise<Moment> {
    const { position } = (await this.log.store.head())!;
    const [viewer, middling] = ROLES.map((role) => new Map(this.since[role])) as [
      Map<string, number>,
      Map<string, number>,
    ];
    return { position, people: new Map(this.people), since: { viewer, middling } };
  }
}

const idOf = (n: number): string => `u${n}`;
const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step);

let model: Model;
let early: Moment;
let then: Moment;
let recently: Moment;
let now: Moment;
let read: Awaited<ReturnType<Models['current']>>;

beforeAll(async () => {
  model = new Model();
  await model.log.publish(CATALOGUE);
  await model.log.account();
  await model.log.create('middling', 'Middling');
  for (const n of range(0, USERS)) await model.register(n);
  for (const from of range(0, MEMBERS, 500))
    await model.assign(
      LARGE,
      range(from, Math.min(from + 500, MEMBERS))
        .map(idOf)
        .reverse(),
    );
  early = await model.moment();
  for (const from of range(0, MIDDLING, 500))
    await model.assign(
      'middling',
      range(from, from + 500).map((n) => idOf(n * 4)),
    );
  // Several users share a time of sign-in, and most have none.
  for (const n of range(0, USERS, 3)) await model.login(idOf(n), n % 400);
  await changes(0);
  then = await model.moment();
  await changes(1);
  recently = await model.moment();
  await changes(2);
  now = await model.moment();
  read = await models.current(model.log.store);
}, 120_000);
afterAll(() => read.close());

/** Some of every kind; `round` chooses others each time. */
async function changes(round: number): Promise<void> {
  for (const n of range(round, MEMBERS, 97)) await model.unassign(LARGE, idOf(n));
  await model.assign(LARGE, range(round, MEMBERS, 97 * 2).map(idOf));
  await model.assign(LARGE, range(MEMBERS + round * 40, MEMBERS + round * 40 + 30).map(idOf));
  for (const n of range(round, 600, 29)) await model.unassign('middling', idOf(n * 4));
  await model.assign(
    'middling',
    range(round, 600, 58).map((n) => idOf(n * 4)),
  );
  for (const n of range(round * 11, USERS, 71)) await model.login(idOf(n), 1_000 + ((n * 31) % 300));
  for (const n of range(round * 7, USERS, 83))
    await model.rename(idOf(n), `User ${(n * 13 + round) % 900} anew`);
  for (const n of range(round * 5 + 1, USERS, 61)) {
    const { active } = model.people.get(idOf(n))!;
    await model.setActive(idOf(n), !active);
  }
}

const compareTexts = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(nameKey(a)), Buffer.from(nameKey(b)));
const numberOf = (id: string): number => Number(id.slice(1));

/** The ids of a list, from the model alone. */
function expected(
  { people, since }: Moment,
  role: RoleId,
  { search, status }: MemberFilter,
  { field, direction }: MemberOrder,
): string[] {
  const sense = direction === 'ASC' ? 1 : -1;
  const person = (id: string): Person => people.get(id)!;
  const fits = (id: string): boolean =>
    (status == null || person(id).active === (status === 'ACTIVE')) &&
    (search == null ||
      [person(id).name, person(id).username].some((text) => searchKey(text).includes(searchKey(search))));
  const byText = (text: (id: string) => string) => (a: string, b: string) =>
    (compareTexts(text(a), text(b)) || numberOf(a) - numberOf(b)) * sense;
  const byLogin = (a: string, b: string): number => {
    const [x, y] = [a, b].map((id) => model.logins.get(id) ?? null) as [number | null, number | null];
    if (x !== y) return x === null ? 1 : y === null ? -1 : (x - y) * sense;
    return compareTexts(person(a).name, person(b).name) || numberOf(a) - numberOf(b);
  };
  const compare = {
    NAME: byText((id) => person(id).name),
    USERNAME: byText((id) => person(id).username),
    ASSIGNED_AT: (a: string, b: string) => (since[role].get(a)! - since[role].get(b)!) * sense,
    LAST_LOGIN_AT: byLogin,
  }[field];
  return [...since[role].keys()].filter(fits).sort(compare);
}

const FIELDS = ['NAME', 'USERNAME', 'ASSIGNED_AT', 'LAST_LOGIN_AT'] as const;
const ORDERS: readonly MemberOrder[] = FIELDS.flatMap((field) => [
  { field, direction: 'ASC' },
  { field, direction: 'DESC' },
]);
const FILTERS: readonly MemberFilter[] = [
  {},
  { status: 'ACTIVE' },
  { status: 'INACTIVE' },
  { search: 'anew' },
  { search: 'user 1', status: 'ACTIVE' },
  { search: 'user-77' },
];
const MOMENTS = ['now', 'recently', 'then'] as const;
const momentOf = (name: (typeof MOMENTS)[number]): Moment => ({ now, recently, then })[name];

test('the roles are as large as they are meant to be', () => {
  expect(now.since.viewer.size).toBeGreaterThan(4_500);
  expect(then.since.viewer.size).toBeGreaterThan(4_500);
  expect(now.since.middling.size).toBeGreaterThan(1_400);
});

describe.each(MOMENTS)('%s', (name) => {
  const view = (): View =>
    name === 'now' ? read.view(ACCOUNT) : read.view(ACCOUNT, { position: momentOf(name).position });

  test.each(ROLES.flatMap((role) => ORDERS.map((order) => [role, order] as const)))(
    'users of %s by %j, with every filter, paged both ways',
    async (role, order) => {
      for (const filter of FILTERS) {
        const list = async (page: PageRequest): Promise<Page<string>> => {
          const { items, hasMore } = await view().roleUsers(role, filter, order, page);
          return { items: items.map(({ item, cursor }) => ({ item: item.user.id, cursor })), hasMore };
        };
        const wanted = expected(momentOf(name), role, filter, order);
        expect([filter, await everyPage(600, list)]).toEqual([filter, wanted]);
        const count = await view().countRoleUsers(role, filter);
        expect(count).toBe(wanted.length);
        const edges = await edgesOf(2_000, list);
        const [third, half] = [3, 2].map((part) => edges[Math.floor(edges.length / part)]!.cursor);
        for (const ends of [{ after: third }, { before: half }, { after: third, before: half }])
          for (const page of [
            { first: 20, ...ends },
            { last: 20, ...ends },
          ])
            expect([page, await list(page)]).toEqual([page, naivePage(edges, page)]);
      }
    },
    60_000,
  );
});

describe('as of a moment that is long ago', () => {
  const past = ({ position }: Moment, most: number): View =>
    new Tables(read.tables().sql, new CatalogueSnapshots(), most).view(ACCOUNT, { position });

  async function eventsSince({ position }: Moment): Promise<number> {
    let events = 0;
    for await (const event of model.log.store.readAll()) if (event.position > position) events += 1;
    return events;
  }

  const orders = (['ASSIGNED_AT', 'LAST_LOGIN_AT'] as const).map(
    (field) => ({ field, direction: 'DESC' }) as const,
  );

  test.each(orders)('by $field: as many events since as may be, and one more', async (order) => {
    const events = await eventsSince(then);
    expect(events).toBeLessThan(then.since.viewer.size);
    const view = past(then, events);
    const list = await everyPage(1_000, (page) => view.roleUsers(LARGE, {}, order, page));
    expect(list.map(({ user }) => user.id)).toEqual(expected(then, LARGE, {}, order));
    await expect(past(then, events - 1).roleUsers(LARGE, {}, order, { first: 20 })).rejects.toThrow(
      OrderNotAsOfError,
    );
  });

  test.each(orders)(
    'by $field: after too many events as many users as may be, and one more',
    async (order) => {
      const members = early.since.viewer.size;
      expect(await eventsSince(early)).toBeGreaterThan(members);
      const view = past(early, members);
      const list = await everyPage(1_000, (page) => view.roleUsers(LARGE, {}, order, page));
      expect(list.map(({ user }) => user.id)).toEqual(expected(early, LARGE, {}, order));
      await expect(past(early, members - 1).roleUsers(LARGE, {}, order, { first: 20 })).rejects.toThrow(
        OrderNotAsOfError,
      );
      const byName = { field: 'NAME', direction: 'DESC' } as const;
      const { items } = await past(early, members - 1).roleUsers(LARGE, {}, byName, { first: 20 });
      expect(items.map(({ item }) => item.user.id)).toEqual(expected(early, LARGE, {}, byName).slice(0, 20));
    },
  );
});
