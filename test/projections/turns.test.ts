import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventLoop, MOST_ROWS, TURN, Work, type Question } from '../../src/shared/turns';
import type { UserNumber } from '../../projections/numbers';
import {
  ofAll,
  ofRoles,
  ofThese,
  type Source,
  type UserQuery,
} from '../../projections/queries/user-search/candidates';
import { sorted } from '../../projections/queries/user-search/sort';
import { candidates, searchQueries } from '../../projections/queries/user-search/name-search';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Long work lets others have their turn, and comes to the same. */

const models = new Models();
afterAll(() => models.cleanUp());

const look = (question: Question, rows: number): Promise<number> =>
  question.step(
    () => rows,
    (found) => found,
  );

describe('Turns of the event loop', () => {
  beforeEach(() => nextTurn());

  test('one is shared once it is used up, and not before', async () => {
    const work = new Work();
    let others = 0;
    setImmediate(() => (others += 1));
    await work.before(TURN - 1);
    await work.before(0);
    expect(others).toBe(0);
    await work.before(1);
    await work.before(0);
    expect(others).toBe(1);
    expect(eventLoop.isUsedUp).toBe(false);
  });

  test('of all who wait as many go on in each as it holds', async () => {
    const log: string[] = [];
    const step = async (name: string, work: Work): Promise<void> => {
      await work.turn();
      await work.before(TURN / 2);
      log.push(name);
    };
    const watched = (async () => {
      for (let n = 0; n < 3; n += 1) {
        await nextTurn();
        log.push('|');
      }
    })();
    const work = new Work();
    await Promise.all([step('a', work), step('b', work), step('c', work), watched]);
    expect(log.join('')).toContain('ab|c');
  });

  test('who waits often gets no more of them than who waits once', async () => {
    const [busy, quiet] = [new Work(), new Work()];
    const order: string[] = [];
    const steps = Array.from({ length: 5 }, () => busy.turn().then(() => order.push('busy')));
    steps.push(quiet.turn().then(() => order.push('quiet')));
    await Promise.all(steps);
    expect(order).toEqual(['busy', 'quiet', 'busy', 'busy', 'busy', 'busy']);
  });

  test('the largest question of a request is always answered, all others together may look at so many rows', async () => {
    const work = new Work(() => new Error('too much'));
    const large = work.question();
    await look(large, 3 * MOST_ROWS);
    await look(large, 3 * MOST_ROWS);
    await look(work.question(), MOST_ROWS);
    await expect(look(work.question(), 1)).rejects.toThrow('too much');
    await expect(look(large, 1)).rejects.toThrow('too much');
  });
});

test('users that are sorted part by part are those that are sorted at once', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.feature('BASE');
  const users = Array.from({ length: 60 }, (_, n) => `u${n}`);
  for (const [n, user] of users.entries())
    await log.register(user, `Name ${(n * 37) % 60}`, `user-${(n * 7) % 60}`);
  await log.assign('viewer', ...users.filter((_, n) => n % 3 !== 0));
  await log.assign('account-admin', ...users.filter((_, n) => n % 5 === 0));
  const read = await models.current(log.store);
  const { pin } = read.view(ACCOUNT);
  const reading = read.tables().reading(ACCOUNT, pin.ordinal);
  const [viewer, admin] = ['viewer', 'account-admin'].map((role) => reading.role(role)!.n!);
  const asking = { reading, question: new Work().question() };
  const slice = { after: null, count: 12 };
  for (const descending of [false, true]) {
    const query: UserQuery = {
      sort: { by: 'username', descending, backward: false },
      statuses: [1, 0],
      pattern: '1',
      roles: null,
      notIn: null,
      kind: null,
    };
    const numbers = users.map((_, n) => (n + 1) as UserNumber);
    const sources: Source[] = [
      ofAll(reading, 60),
      ofRoles(reading, [viewer!]),
      ofRoles(reading, [viewer!, admin!]),
      ofThese(reading, numbers, query),
      ofThese(reading, numbers, { ...query, roles: [viewer!] }),
    ];
    for (const source of sources) {
      const whole = await sorted(asking, source, query, slice);
      expect(whole).toHaveLength(12);
      expect(new Set(whole.map(({ n }) => n)).size).toBe(12);
      for (const step of [1, 7, 59, 60, 500])
        expect(await sorted(asking, source, query, { ...slice, step })).toEqual(whole);
    }
  }
});

test('users of many roles are found together where these are small, and all of them where they are not', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  const users = Array.from({ length: 12 }, (_, n) => `u${n}`);
  for (const user of users) await log.register(user, user, user);
  const roles = Array.from({ length: 30 }, (_, n) => `r${n}`);
  for (const [n, role] of roles.entries()) {
    await log.create(role, role, {}, n % 7 === 0 ? [] : [users[n % 11]!, users[(n * 5) % 11]!]);
    // Memberships that ended are read too, and show nobody.
    if (n % 10 === 3)
      for (const user of users)
        await log.role(role, ['UserAssigned', { user }], ['UserUnassigned', { user }]);
  }
  const read = await models.current(log.store);
  const reading = read.tables().reading(ACCOUNT, read.view(ACCOUNT).pin.ordinal);
  const numbers = roles.map((role) => reading.role(role)!.n!);
  const usersOf = (some: typeof numbers, step?: number): { found: number[]; parts: number } => {
    const parts = [...ofRoles(reading, some).parts(step)];
    for (const { rows } of parts) if (step !== undefined) expect(rows).toBeLessThanOrEqual(2 * step + 1);
    const found = parts.flatMap(({ from }) =>
      from
        ? reading.sql.all<{ n: number }>(`SELECT u.n FROM ${from.text}`, ...from.values).map(({ n }) => n)
        : [],
    );
    return { found: [...new Set(found)].sort((a, b) => a - b), parts: parts.length };
  };
  const each = numbers.flatMap((role) => usersOf([role]).found);
  const expected = [...new Set(each)].sort((a, b) => a - b);
  expect(expected.length).toBeGreaterThan(5);
  expect(expected.length).toBeLessThan(users.length);
  // One looks at the roles, one at their users.
  expect(usersOf(numbers)).toEqual({ found: expected, parts: 2 });
  for (const step of [1, 2, 7, 40, 60])
    expect([step, usersOf(numbers, step).found]).toEqual([step, expected]);
  expect(usersOf(numbers, 40).parts).toBeGreaterThan(2);
});

test('a search that is cut into queries and steps names whom it names at once, and everyone who matches', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  const names = Array.from({ length: 300 }, (_, n) => `Name ${n} ${(n * 7919).toString(36)}`);
  for (const [n, name] of names.entries()) await log.register(`u${n}`, name, `user-${n}`);
  const read = await models.current(log.store);
  const reading = read.tables().reading(ACCOUNT, read.view(ACCOUNT).pin.ordinal);
  const asking = { reading, question: new Work().question() };
  for (const pattern of ['1', 'n', '2a', 'e 1', 'user-2', 'nobody']) {
    const matching = names.flatMap((name, n) =>
      name.toLowerCase().includes(pattern) || `user-${n}`.includes(pattern) ? [n + 1] : [],
    );
    const starts = searchQueries(reading.sql, pattern, Infinity)!;
    const whole = await candidates(asking, starts, Infinity);
    expect(whole).toEqual(expect.arrayContaining(matching));
    for (const atOnce of [1, 7, 300]) {
      const queries = searchQueries(reading.sql, pattern, atOnce)!;
      if (pattern === '1') expect(queries.length > 1).toBe(atOnce < 300);
      const found = (await candidates(asking, queries, Infinity, atOnce))!;
      expect([...found].sort((a, b) => a - b)).toEqual(whole);
      expect(await candidates(asking, queries, whole!.length, atOnce)).toEqual(found);
      if (found.length > 0) expect(await candidates(asking, queries, whole!.length - 1, atOnce)).toBeNull();
    }
  }
});

test('a step of a search fits in a turn, whatever it names', async () => {
  const [most, asked]: [number[], number[]] = [[], []];
  const all = Array.from({ length: 100_000 }, (_, n) => n + 1);
  // An index in which everyone matches.
  const sql = {
    get: (_: string, base: bigint, _query: string, behind: bigint, last: bigint, limit: number) => {
      const [after, end] = [Number(behind - base), Number(last - base)];
      asked.push(after);
      return { users: JSON.stringify(all.slice(after, Math.min(end, after + limit))) };
    },
  };
  const reading = { sql, account: 1, counts: () => ({ active: 100_000, inactive: 0, erased: 0 }) };
  const question: Question = {
    step: (read, rowsOf) => {
      const found = read();
      most.push(rowsOf(found));
      return Promise.resolve(found);
    },
  };
  const asking = { reading, question } as unknown as Parameters<typeof candidates>[0];
  expect(await candidates(asking, ['"all"'], 100_000)).toEqual(all);
  expect(asked.length).toBeGreaterThan(1);
  expect(Math.max(...most)).toBeLessThanOrEqual(TURN);
});
