import { READS_SCHEMA } from '../../src/domain/schema-versions';
import { replayRole } from '../../src/operations/audit/replay/role';
import { roleStream } from '../../src/event-store/port/streams';
import { ACCOUNT, CATALOGUE, DAY, Log, Models, START } from '../projections/log';

/** Replaying a role up to a moment: it ends where the API, asked as of that moment, ends. */

const models = new Models();
afterAll(() => models.cleanUp());

test('a clock that went back: what was recorded after the moment is later, whatever its time says', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (const user of ['ann', 'bob', 'cat', 'dan']) await log.register(user);
  log.day = 20;
  await log.create('desk', 'Desk', { 'flows/view': ['flow:read'] }, ['ann']);
  log.day = 40;
  await log.assign('desk', 'bob');
  // Recorded by a clock that is twenty days behind, and then by one that is right again.
  log.day = 22;
  await log.assign('desk', 'cat', 'dan');
  log.day = 45;
  await log.role('desk', ['RoleRenamed', { from: 'Desk', to: 'Night desk' }]);
  const tables = await models.current(log.store);

  const seen: [number, number, string | undefined][] = [];
  for (const day of [0, 10, 19, 20, 21, 22, 30, 39, 40, 44, 45, 50]) {
    const until = new Date(START + day * DAY);
    let last;
    for await (const step of replayRole(log.store, ACCOUNT, 'desk', { until })) last = step.after;
    const row = tables.view(ACCOUNT, { time: until }).roles(['desk']).get('desk');
    expect([day, last?.members.size, last?.name]).toEqual([day, row?.userCount, row?.name]);
    seen.push([day, last?.members.size ?? 0, last?.name]);
  }
  expect(seen.filter(([day]) => [19, 22, 40, 45].includes(day))).toEqual([
    [19, 0, undefined],
    [22, 1, 'Desk'],
    [40, 4, 'Desk'],
    [45, 4, 'Night desk'],
  ]);
});

test('a default role ends with the publication before the moment', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  log.day = 30;
  const [admin, viewer] = CATALOGUE.defaultRoles;
  await log.publish({
    ...CATALOGUE,
    version: 2,
    defaultRoles: [admin!, { ...viewer!, permissions: [] }],
  });
  const grantsUntil = async (until?: Date): Promise<number | undefined> => {
    let last;
    for await (const step of replayRole(log.store, ACCOUNT, 'viewer', { until })) last = step.after;
    return last?.grants.size;
  };
  expect(await grantsUntil(new Date(START + 29 * DAY))).toBe(2);
  expect(await grantsUntil()).toBe(0);
});

test('a default role is told what each publication changed in it, and nothing of those that only moved it', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  const [admin, viewer] = CATALOGUE.defaultRoles;
  const scopes = ['people:read', 'flow:read'];
  const permissions = CATALOGUE.permissions.map((each) =>
    each.key === 'people/view' ? { ...each, scopes } : each,
  );
  await log.publish({ ...CATALOGUE, version: 2, defaultRoles: [viewer!, admin!] });
  await log.publish({ ...CATALOGUE, version: 3, permissions, defaultRoles: [viewer!, admin!] });
  await log.publish({ ...CATALOGUE, version: 4, permissions, defaultRoles: [admin!] });
  const told: string[] = [];
  for await (const { change } of replayRole(log.store, ACCOUNT, 'viewer')) told.push(change);
  expect(told).toEqual([
    'catalogue 1: defined as “Viewer”, +flows/view, +people/view',
    'catalogue 3: scopes of people/view changed',
    'catalogue 4: retired, -flows/view, -people/view',
  ]);
});

test('told from a moment: what came before is early and counts', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  for (const user of ['ann', 'bob']) await log.register(user);
  log.day = 20;
  await log.create('desk', 'Desk', {}, ['ann']);
  log.day = 30;
  await log.assign('desk', 'bob');
  const told = async (day: number, last?: number): Promise<[boolean, number, number][]> => {
    const steps: [boolean, number, number][] = [];
    for await (const { isEarly, before, after } of replayRole(log.store, ACCOUNT, 'desk', {
      since: new Date(START + day * DAY),
      until: last === undefined ? undefined : new Date(START + last * DAY),
    }))
      steps.push([isEarly, before.members.size, after.members.size]);
    return steps;
  };
  const [created, ann, bob] = [
    [false, 0, 0],
    [false, 0, 1],
    [false, 1, 2],
  ];
  expect(await told(20)).toEqual([created, ann, bob]);
  expect(await told(21)).toEqual([
    [true, 0, 0],
    [true, 0, 1],
    [false, 1, 2],
  ]);
  // Up to a moment too: the same day, between the two changes, and one before the other.
  expect(await told(20, 20)).toEqual([created, ann]);
  expect(await told(21, 29)).toEqual([
    [true, 0, 0],
    [true, 0, 1],
  ]);
  expect(await told(31, 20)).toEqual([
    [true, 0, 0],
    [true, 0, 1],
  ]);
  expect((await told(31)).map(([isEarly]) => isEarly)).toEqual([true, true, true]);
});

test('an event of a later release ends it, with what to do', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.create('desk', 'Desk');
  const event = log.event('RoleFrozen', { role: 'desk' });
  await log.store.append(roleStream(ACCOUNT, 'desk'), 'any', [
    { ...event, metadata: { ...event.metadata, schemaVersion: String(READS_SCHEMA + 1) } },
  ]);
  const names: string[] = [];
  const replay = async (): Promise<void> => {
    for await (const { after } of replayRole(log.store, ACCOUNT, 'desk')) names.push(after.name);
  };
  await expect(replay()).rejects.toMatchObject({
    code: 'NEWER',
    message: expect.stringContaining('upgrade') as string,
  });
  expect(names).toEqual(['Desk']);
});
