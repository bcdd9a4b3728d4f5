import { createDecisionReads } from '../../projections';
import type { AsOf } from '../../projections/view';
import type { Position } from '../../src/event-store/port/event-store';
import { userStream } from '../../src/event-store/port/streams';
import { ACCOUNT, DAY, Log, Models, START } from './log';

/** Identities in the tables: as they were at each moment, and gone with an erased user. */

const folders: Models[] = [];
afterAll(() => Promise.all(folders.map((folder) => folder.cleanUp())));

async function opened() {
  const log = new Log();
  await log.account();
  for (const user of ['ada', 'bob']) await log.register(user);
  const folder = new Models();
  folders.push(folder);
  const read = await folder.current(log.store);
  return { log, read, view: (asOf?: AsOf) => read.view(ACCOUNT, asOf) };
}

const ISSUER = 'https://login.example';
const OTHER = 'https://other.example';
const claimOf = (subject: string): string => subject.padEnd(43, '_');
const linked = (user: string, subject: string | null, issuer = ISSUER, claim = claimOf(subject ?? '')) =>
  ['UserIdentityLinked', { user, issuer, subject, identityClaim: claim }] as const;
const unlinked = (user: string, subject: string, issuer = ISSUER) =>
  ['UserIdentityUnlinked', { user, issuer, identityClaim: claimOf(subject) }] as const;

test('identities are exact, of one account, and as they were at each moment', async () => {
  const { log, read, view } = await opened();
  await log.account('other');
  const of = (user: string, ...events: Parameters<Log['append']>[1][]): Promise<Position> =>
    log.append(userStream(ACCOUNT, user), ...events);
  const none = await log.register('cyd');
  const one = await of('ada', linked('ada', 's1'));
  const two = await of('ada', linked('ada', 'S1', OTHER));
  const moved = await of('ada', unlinked('ada', 's1'));
  const taken = await of('bob', linked('bob', 's1'));
  const back = await of('ada', linked('ada', 's2'));
  await of('bob', linked('bob', 's1'));
  const last = await of('bob', unlinked('bob', 's9'));
  expect(await read.waitFor(last, 5_000)).toBe(true);
  const shown = (position: Position) => {
    const at = view({ position });
    const rows = [...at.identities(['cyd', 'ada', 'bob', 'nobody'])].flatMap(([user, identities]) =>
      identities.map(({ issuer, subject }) => `${user} ${issuer === ISSUER ? '' : 'other '}${subject}`),
    );
    const asked = [
      [ISSUER, 's1'],
      [OTHER, 's1'],
      [OTHER, 'S1'],
      ['https://nowhere.example', 's1'],
    ].map(([issuer, subject]) => ({ issuer: issuer!, subject: subject! }));
    return [rows, at.userIdsByIdentity(asked)];
  };
  expect(shown(none)).toEqual([[], [null, null, null, null]]);
  expect(shown(one)).toEqual([['ada s1'], ['ada', null, null, null]]);
  expect(shown(two)).toEqual([
    ['ada s1', 'ada other S1'],
    ['ada', null, 'ada', null],
  ]);
  expect(shown(moved)).toEqual([['ada other S1'], [null, null, 'ada', null]]);
  expect(shown(taken)).toEqual([
    ['ada other S1', 'bob s1'],
    ['bob', null, 'ada', null],
  ]);
  expect(shown(back)[0]).toEqual(['ada other S1', 'ada s2', 'bob s1']);
  expect(shown(last)).toEqual([
    ['ada other S1', 'ada s2', 'bob s1'],
    ['bob', null, 'ada', null],
  ]);
  expect(view().identities(['bob']).get('bob')?.[0]?.linkedAt).toEqual(new Date(START + 8 * DAY));
  expect(read.view('other').userIdsByIdentity([{ issuer: ISSUER, subject: 's1' }])).toEqual([null]);
  const reads = createDecisionReads(read);
  const deactivated = await log.user('bob', 'UserDeactivated', {});
  expect(await read.waitFor(deactivated, 5_000)).toBe(true);
  expect(reads.userByIdentity(ACCOUNT, { issuer: ISSUER, subject: 's1' })).toBe('bob');
  expect(reads.userByIdentity(ACCOUNT, { issuer: ISSUER, subject: 'S1' })).toBeNull();
  expect(reads.userByIdentity('nowhere', { issuer: ISSUER, subject: 's1' })).toBeNull();
});

test('an erased user has none, as of before too; history tells of issuers alone', async () => {
  const { log, read, view } = await opened();
  await log.append(userStream(ACCOUNT, 'ada'), linked('ada', 'Zoe-1774'), linked('ada', 'Zoe-1775', OTHER));
  await log.append(userStream(ACCOUNT, 'ada'), unlinked('ada', 'Zoe-1775', OTHER));
  const before = await log.append(userStream(ACCOUNT, 'bob'), linked('bob', 's1'));
  const erased = await log.user('ada', 'UserErased', {});
  expect(await read.waitFor(erased, 20_000)).toBe(true);
  for (const at of [view(), view({ position: before })]) {
    expect([...at.identities(['ada', 'bob']).keys()]).toEqual(['bob']);
    expect(at.userIdsByIdentity([{ issuer: ISSUER, subject: 'Zoe-1774' }])).toEqual([null]);
  }
  expect(
    createDecisionReads(read).userByIdentity(ACCOUNT, { issuer: ISSUER, subject: 'Zoe-1774' }),
  ).toBeNull();
  const { items } = await view().history({ user: 'ada' }, { first: 9 });
  const rows = items.map(({ item }) => item).filter(({ type }) => type.startsWith('UserIdentity'));
  expect(rows.map(({ type, data }) => [type, data['issuer'], 'subject' in data])).toEqual([
    ['UserIdentityUnlinked', OTHER, false],
    ['UserIdentityLinked', OTHER, false],
    ['UserIdentityLinked', ISSUER, false],
  ]);
});

test('a subject that nobody can read is shown as none, means nobody, and can be unlinked', async () => {
  const { log, read, view } = await opened();
  const claim = claimOf('lost');
  const lost = await log.append(userStream(ACCOUNT, 'ada'), linked('ada', null, ISSUER, claim));
  expect(await read.waitFor(lost, 5_000)).toBe(true);
  expect(view().identities(['ada']).get('ada')).toMatchObject([{ issuer: ISSUER, subject: null }]);
  expect(view().userIdsByIdentity([{ issuer: ISSUER, subject: 'lost' }])).toEqual([null]);
  const gone = await log.append(userStream(ACCOUNT, 'ada'), unlinked('ada', 'lost'));
  expect(await read.waitFor(gone, 5_000)).toBe(true);
  expect(view().identities(['ada']).size).toBe(0);
});
