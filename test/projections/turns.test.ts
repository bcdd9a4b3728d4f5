import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventLoop, MOST_ROWS, TURN, Work } from '../../src/shared/turns';
import {
  ofAll,
  ofRoles,
  ofThese,
  type Source,
  type UserQuery,
} from '../../projections/queries/user-search/candidates';
import { sorted } from '../../projections/queries/user-search/index-scan';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Long work lets others have their turn, and comes to the same. */

const models = new Models();
afterAll(() => models.cleanUp());

describe('Turns of the event loop', () => {
  beforeEach(() => nextTurn());

  test('one is shared once it is used up, and not before', async () => {
    const work = new Work();
    let others = 0;
    setImmediate(() => (others += 1));
    work.did(TURN - 1);
    await work.share();
    expect(others).toBe(0);
    work.did(1);
    await work.share();
    expect(others).toBe(1);
    expect(eventLoop.isUsedUp).toBe(false);
  });

  test('of all who wait as many go on in each as it holds', async () => {
    const log: string[] = [];
    const step = async (name: string, work: Work): Promise<void> => {
      await work.turn();
      work.did(TURN / 2);
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
    await large.looked(3 * MOST_ROWS);
    await large.looked(3 * MOST_ROWS);
    await work.question().looked(MOST_ROWS);
    await expect(work.question().looked(1)).rejects.toThrow('too much');
    await expect(large.looked(1)).rejects.toThrow('too much');
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
  const [viewer, admin] = ['viewer', 'account-admin'].map((role) => reading.role(role)?.n ?? -1);
  const asking = { reading, question: new Work().question() };
  const slice = { after: null, count: 12 };
  for (const descending of [false, true]) {
    const query: UserQuery = {
      sort: { column: 'username_key', descending },
      statuses: [1, 0],
      pattern: '1',
      roles: null,
      notInRole: null,
    };
    const numbers = users.map((_, n) => n + 1);
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
        expect(await sorted(asking, source, query, slice, step)).toEqual(whole);
    }
  }
});
