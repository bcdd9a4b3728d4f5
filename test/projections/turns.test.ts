import { setImmediate as nextTurn } from 'node:timers/promises';
import { Turns, TURN_MS } from '../../projections/turns';
import { ofAll, ofRoles, ofThese, type Source, type UserQuery } from '../../projections/user-sources';
import { sorted } from '../../projections/user-walk';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** Long work lets others have their turn, and comes to the same. */

const models = new Models();
afterAll(() => models.cleanUp());
afterEach(() => jest.restoreAllMocks());

test('a turn is shared once it was long enough, and not before', async () => {
  let now = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const turns = new Turns();
  let others = 0;
  const counting = (async () => {
    for (let n = 0; n < 3; n += 1) {
      await nextTurn();
      others += 1;
    }
  })();
  now += TURN_MS;
  await turns.share();
  expect(others).toBe(0);
  now += 1;
  await turns.share();
  expect(others).toBe(1);
  expect(turns.used).toBe(0);
  await counting;
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
  const read = await models.current(log.store);
  const { pin } = read.view(ACCOUNT);
  const reading = read.tables().reading(ACCOUNT, pin.ordinal);
  const viewer = reading.role('viewer')?.n ?? -1;
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
      ofRoles(reading, [viewer], 60),
      ofThese(reading, numbers, query),
      ofThese(reading, numbers, { ...query, roles: [viewer] }),
    ];
    for (const source of sources) {
      const whole = await sorted(reading, { ...source, few: true }, query, null, 12);
      expect(whole).toHaveLength(12);
      for (const part of [1, 7, 59, 60, 500])
        expect(await sorted(reading, source, query, null, 12, part)).toEqual(whole);
    }
  }
});
