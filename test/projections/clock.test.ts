import { clockSkew } from '../../projections/projector/clock';
import { openReadModels, type LocalReadModels } from '../../projections';
import { CATALOGUE, DAY, Log, Models, START } from './log';

const folders: Models[] = [];
afterAll(() => Promise.all(folders.map((each) => each.cleanUp())));

test.each([
  ['an empty log', null, null, 5_000, null],
  ['a clock after the latest time', null, 5_000, 5_001, 0],
  ['a clock at the latest time', null, 5_000, 5_000, 0],
  ['a clock behind it', null, 5_000, 2_000, -3_000],
  ['a store that has a clock of its own', 1_500, 5_000, 2_000, 1_500],
] as const)('%s', (_what, storeSkewMs, latest, now, expected) => {
  expect(clockSkew({ storeSkewMs, latest, now, aheadUntil: -Infinity })).toBe(expected);
});

test('times that are known to be ahead hold nobody up; later ones do', () => {
  const at = (latest: number) => clockSkew({ storeSkewMs: null, latest, now: 1_000, aheadUntil: 5_000 });
  expect([at(4_000), at(5_000), at(9_000)]).toEqual([0, 0, -8_000]);
});

test('a log whose latest time is to come: the clock is behind until it has passed, whatever was recorded since', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  log.day = 100;
  await log.account();
  const ahead = START + 100 * DAY;
  // Recorded after it, by a clock that is right again.
  log.day = 10;
  await log.register('ada');
  let now = START + 10 * DAY;
  const open = async (clockAheadUntil: Date | null): Promise<LocalReadModels> => {
    const folder = new Models();
    folders.push(folder);
    const { directory } = folder;
    const models = await openReadModels({ directory, store: log.store, now: () => now, clockAheadUntil });
    folder.opened.push(models);
    await models.caughtUp();
    return models;
  };
  const models = await open(null);
  expect(models.clockSkewMs()).toBe(-90 * DAY);
  now = ahead + 1;
  expect(models.clockSkewMs()).toBe(0);
  now = START + 10 * DAY;
  expect((await open(new Date(ahead))).clockSkewMs()).toBe(0);
  expect((await open(new Date(ahead - 1))).clockSkewMs()).toBe(-90 * DAY);
});
