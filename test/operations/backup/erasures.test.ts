import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import { erasuresIn, readErasures, writeErasures } from '../../../src/operations/backup/erasure-list';
import { demandOutsideBackup } from '../../../src/operations/backup/folder';
import { verifyLog } from '../../../src/operations/log/verify';
import { ACCOUNT, ask, execute, replicaOn, verdict } from '../../commands/harness';
import { guardsOf } from '../../commands/decision-reads';
import { readBook } from '../../model-checker/book';
import type { Shelf } from '../../keys/memory/memory-segments';
import { codeOf, Place } from './harness';
import { erase, keysIn, register, SealedPlace } from './sealed-place';

/** Erasures outlive a restore: nobody is back who was erased after the backup was taken. */

let place: SealedPlace;
beforeEach(async () => {
  place = await SealedPlace.open();
});
afterEach(() => place.remove());

const listsIn = (backup: string): string[] => readdirSync(path.join(backup, 'erasures'));
const usersIn = (backup: string): string[] => {
  const [name = ''] = listsIn(backup);
  const file = path.join(backup, 'erasures', name);
  return readErasures(readFileSync(file, 'utf8'), file).erasures.map(({ user }) => user);
};

describe('the list in a backup', () => {
  test('names account, user and event of each erasure, and nothing else of anybody', async () => {
    expect((await place.take()).erasures).toBe(0);
    expect(usersIn(place.backup)).toEqual([]);
    await place.done(erase('cat'), erase('dan'));
    expect((await place.take()).erasures).toBe(2);
    const [name = ''] = listsIn(place.backup);
    expect(listsIn(place.backup)).toHaveLength(1);
    const text = readFileSync(path.join(place.backup, 'erasures', name), 'utf8');
    const erased = { account: ACCOUNT, event: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect(JSON.parse(text)).toEqual({
      format: 1,
      line: expect.stringMatching(/^[0-9a-f]{64}$/),
      asOf: '2026-03-01T12:00:00.000Z',
      erasures: [
        { ...erased, user: 'cat' },
        { ...erased, user: 'dan' },
      ],
      sha256: expect.any(String),
    });
    const log = await place.source();
    expect(text).not.toContain(await log.line());
    await log.close();
    const { files } = (await place.check()).manifest;
    expect(files.map(({ holds }) => holds)).toEqual(['log', 'erasures']);
  });

  test('is not there in the backup of a log of format 1', async () => {
    const plain = new Place();
    await plain.record(3, 1);
    expect((await plain.take()).erasures).toBeNull();
    expect(existsSync(path.join(plain.backup, 'erasures'))).toBe(false);
    plain.remove();
  });

  test('of a backup that did not end leaves the one before it whole', async () => {
    await place.take();
    await place.done(erase('cat'));
    let calls = 0;
    const dying = (): Date => {
      if ((calls += 1) === 2) throw new EventStoreError('CLOSED', 'died');
      return new Date();
    };
    expect(await codeOf(place.take({ now: dying }))).toBe('CLOSED');
    expect(listsIn(place.backup)).toHaveLength(2);
    expect((await place.check()).inProgress).toBe(true);
    await place.take();
    expect(usersIn(place.backup)).toEqual(['cat']);
  });

  test('that was changed is refused', async () => {
    await place.take();
    const [name = ''] = listsIn(place.backup);
    writeFileSync(path.join(place.backup, 'erasures', name), '{}\n');
    expect(await codeOf(place.check())).toBe('BACKUP_ALTERED');
    expect(await codeOf(place.restore())).toBe('BACKUP_ALTERED');
  });
});

describe('an earlier backup, restored with a later list,', () => {
  let keys: Shelf;

  test('has the erased users erased, in log and key book, and everybody else', async () => {
    keys = place.keyCopy();
    await place.done(erase('dan'));
    await place.take();
    await place.done(register('eve'), erase('eve'), erase('cat'));
    const { erasures, keysErased, manifest } = await place.restore({
      erasures: await place.listFile(),
      openKeys: keysIn(keys),
    });
    expect(keysErased).toBe(true);
    expect(erasures).toMatchObject({
      erased: [{ user: 'cat' }],
      before: [{ user: 'dan' }],
      absent: 1,
      withoutAdmin: [],
      asOf: '2026-03-02T12:00:00.000Z',
    });
    // The copy of the key book is older than the erasure of dan, which the backup has.
    expect(await place.restoredNames(keys)).toEqual({
      ann: 'Name of ann',
      bob: 'Name of bob',
      cat: null,
      dan: null,
    });
    const log = await place.openRestored(true);
    expect((await verifyLog(log, () => undefined)).faults).toEqual([]);
    await log.close();
    const added = (await place.restoredEvents()).slice(manifest.log.events);
    expect(added).toMatchObject([
      { type: 'UserBarred', stream: `rolebook.role-${ACCOUNT}.account-admin`, data: { user: 'cat' } },
      { type: 'UserErased', stream: `rolebook.user-${ACCOUNT}.cat`, data: { user: 'cat' } },
    ]);
    expect(added[1]?.metadata).toMatchObject({
      actorType: 'operator',
      actorId: 'restorer',
      causationId: expect.any(String),
      reason: 'Erased again when a backup from before the erasure was restored.',
      recordedAt: '2026-03-03T12:00:00.000Z',
    });
  });

  test('takes the list from the folder of a later backup too', async () => {
    await place.take();
    const later = path.join(place.root, 'later');
    await place.done(erase('cat'));
    await place.take({ directory: later });
    const { erasures } = await place.restore({ erasures: later });
    expect(erasures?.erased).toMatchObject([{ user: 'cat' }]);
  });

  test('is one that commands go on with: the erasure is final, and an erased admin counts no more', async () => {
    await place.take();
    keys = place.keyCopy();
    await place.done(erase('ann'));
    await place.restore({ erasures: await place.listFile(), openKeys: keysIn(keys) });
    const events = await place.restoredEvents();
    const log = await place.openRestored(false);
    const bus = replicaOn(
      log,
      guardsOf(() => readBook(events)),
    );
    const outcomes: string[] = [];
    for (const wish of [ask({ type: 'reactivateUser', user: 'ann' }), erase('ann'), erase('bob')])
      outcomes.push(verdict(await execute(bus, wish)));
    await log.close();
    expect(outcomes).toEqual(['USER_ERASED', 'ok', 'LAST_ADMIN']);
  });

  test('has the last admin erased too, and says in which account nobody is left', async () => {
    await place.take();
    await place.done(
      ask({ type: 'assignUsers', role: 'account-admin', userIds: ['dan'] }),
      erase('ann'),
      erase('bob'),
    );
    const { erasures } = await place.restore({ erasures: await place.listFile() });
    expect(erasures).toMatchObject({ erased: [{ user: 'ann' }, { user: 'bob' }], withoutAdmin: [ACCOUNT] });
  });

  test('can be backed up and restored again, and is erased from again by the list of the log that was lost', async () => {
    await place.take();
    await place.done(erase('cat'));
    const list = await place.listFile();
    await place.restore({ erasures: list });
    const again = new Place();
    const restored = await place.openRestored(true);
    await again.take({ directory: again.backup, keyFile: null }, restored);
    expect(usersIn(again.backup)).toEqual(['cat']);
    const { erasures } = await again.restore({ erasures: list });
    expect(erasures).toMatchObject({ erased: [], before: [{ user: 'cat' }] });
    again.remove();
  });
});

test('without a list it is the backup as it was', async () => {
  const keys = place.keyCopy();
  await place.take();
  await place.done(erase('cat'));
  const { erasures, manifest } = await place.restore({ openKeys: keysIn(keys) });
  expect(erasures).toBeNull();
  expect(await place.restoredEvents()).toHaveLength(manifest.log.events);
  expect(await place.restoredNames(keys)).toMatchObject({ cat: 'Name of cat' });
});

const OTHER = '00000000-0000-4000-8000-000000000001';
describe('a list that does not fit is refused, and nothing is made:', () => {
  const refusal = async (erasures: string, from: Place = place): Promise<string> => {
    const code = await codeOf(from.restore({ erasures }));
    expect(existsSync(path.join(from.restored, 'log.sqlite'))).toBe(false);
    return code;
  };

  test('of another log', async () => {
    await place.done(erase('cat'));
    const list = await place.listFile();
    const other = await SealedPlace.open();
    await other.take();
    expect(await refusal(list, other)).toBe('ERASURES_OF_ANOTHER_LOG');
    other.remove();
  });

  test('for a backup of format 1, from which nobody can be erased', async () => {
    const plain = new Place();
    await plain.record(3, 1);
    await plain.take();
    const log = await plain.source();
    const { line, ...list } = await erasuresIn(log, () => new Date());
    await log.close();
    const file = path.join(plain.root, 'erasures.json');
    writeFileSync(file, writeErasures({ ...list, line }));
    expect(await codeOf(plain.restore({ erasures: file }))).toBe('none');
    const erasures = [{ account: 'a', user: 'u0-0', event: OTHER }];
    writeFileSync(file, writeErasures({ line, asOf: list.asOf, erasures }));
    const elsewhere = new Place();
    expect(await refusal(file, Object.assign(elsewhere, { backup: plain.backup }))).toBe('ERASURES_IN_CLEAR');
    plain.remove();
    elsewhere.remove();
  });

  test('one that is not there, is torn, was edited, is of a later release, or is something else', async () => {
    await place.take();
    await place.done(erase('cat'));
    const list = await place.listFile();
    const whole = readFileSync(list, 'utf8');
    expect(await refusal(path.join(place.root, 'none.json'))).toBe('ERASURES_UNREADABLE');
    const others = [
      '',
      whole.slice(0, -20),
      whole.replace('"cat"', '"ann"'),
      '[]',
      '{"format":1}',
      whole.replace('"format": 1', '"format": 2'),
    ];
    for (const text of others) {
      writeFileSync(list, text);
      expect([text, await refusal(list)]).toEqual([text, 'ERASURES_UNREADABLE']);
    }
    const empty = path.join(place.root, 'empty');
    mkdirSync(empty);
    expect(await refusal(empty)).toBe('BACKUP_NOT_FOUND');
  });

  test('of a backup that has none', async () => {
    await place.take();
    const plain = new Place();
    await plain.record(1, 1);
    await plain.take();
    expect(await refusal(plain.backup)).toBe('ERASURES_UNREADABLE');
    plain.remove();
  });
});

test('a key book and a master key are not put into a backup', async () => {
  await place.take();
  for (const name of ['', 'keys', 'keys/of/others'])
    expect(await codeOf((async () => demandOutsideBackup(path.join(place.backup, name)))())).toBe(
      'BACKUP_FOLDER',
    );
  demandOutsideBackup(path.join(place.root, 'keys'));
  const file = path.join(place.root, 'master.keys');
  writeFileSync(file, '');
  demandOutsideBackup(file);
});

test('a key book may be in the target before the log is', async () => {
  await place.take();
  mkdirSync(place.restored);
  for (const name of ['keys.sqlite', 'master.keys']) writeFileSync(path.join(place.restored, name), '');
  expect(await codeOf(place.restore())).toBe('none');
});
