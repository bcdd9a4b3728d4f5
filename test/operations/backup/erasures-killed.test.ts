import { openLog, openRestoreTarget, type LogSettings } from '../../../src/app/open-log';
import { loadConfig } from '../../../src/config/config';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import type { RestoreTarget } from '../../../src/event-store/port/reserved';
import { erasuresIn } from '../../../src/operations/backup/erasure-list';
import { verifyLog } from '../../../src/operations/log/verify';
import { ACCOUNT } from '../../commands/harness';
import { newPrefix } from '../../eventstoredb';
import { FakeEventStoreDb } from '../../event-store/eventstoredb/fake/server';
import { codeOf } from './harness';
import { erase, keysIn, SealedPlace } from './sealed-place';

/** A restore that erases again is killed anywhere: it goes on, and its log stays closed until it ends. */

let place: SealedPlace;
beforeEach(async () => {
  place = await SealedPlace.open();
});
afterEach(() => place.remove());

const OTHER = '00000000-0000-4000-8000-000000000001';
const inFolder = (): LogSettings => loadConfig({ ROLEBOOK_DATA_DIR: place.restored });

/** Fails for good at the n-th of these calls, before it or, with `after`, once it is done. */
class Death {
  calls = 0;

  constructor(
    private readonly at: number,
    private readonly after = false,
  ) {}

  before(): void {
    this.calls += 1;
    if (!this.after) this.#die();
  }

  then(): void {
    if (this.after) this.#die();
  }

  #die(): void {
    if (this.calls === this.at) throw new EventStoreError('CLOSED', 'died');
  }
}

const dying = async (death: Death, settings: LogSettings): Promise<RestoreTarget> => {
  const target = await openRestoreTarget(settings);
  const append = target.append.bind(target);
  target.append = async (...args) => {
    // Events of the backup are appended many at a time; restore.test.ts ends those.
    if (args[2][0]?.metadata['command'] !== 'eraseUser') return append(...args);
    death.before();
    const result = await append(...args);
    death.then();
    return result;
  };
  const end = target.endRestore.bind(target);
  target.endRestore = async () => {
    death.before();
    await end();
  };
  return target;
};

test.each([false, true])(
  'at any erasure it goes on, and stays closed until it ends (after: %s)',
  async (after) => {
    const keys = place.keyCopy();
    await place.take();
    await place.done(erase('cat'), erase('dan'));
    const erasures = await place.listFile();
    for (let at = 1; ; at += 1) {
      const death = new Death(at, after);
      const run = place.restore({
        erasures,
        openTarget: () => dying(death, inFolder()),
        openKeys: keysIn(keys, () => death.before()),
      });
      const code = await codeOf(run);
      if (code === 'none') break;
      expect([at, code]).toEqual([at, 'CLOSED']);
      expect(await codeOf(place.openRestored(true))).toBe('RESTORE_UNFINISHED');
      // A run without the list ends no sooner: what was begun is kept, and closed.
      expect(at).toBeLessThan(20);
    }
    const types = (await place.restoredEvents()).slice(place.manifest().log.events).map(({ type }) => type);
    expect(types).toEqual(['UserBarred', 'UserErased', 'UserBarred', 'UserErased']);
    expect(await place.restoredNames(keys)).toMatchObject({ ann: 'Name of ann', cat: null, dan: null });
  },
);

test('a target that holds anything else behind the backup is refused', async () => {
  await place.take();
  const foreign = async (): Promise<RestoreTarget> => {
    const target = await openRestoreTarget(inFolder());
    target.endRestore = async () => {
      const event = await target.head();
      await target.append(event!.stream, event!.revision, [{ ...event!, id: OTHER }]);
      throw new EventStoreError('CLOSED', 'died');
    };
    return target;
  };
  expect(await codeOf(place.restore({ openTarget: foreign }))).toBe('CLOSED');
  expect(await codeOf(place.restore())).toBe('RESTORE_NOT_EMPTY');
});

test('into a server it goes on too, and leaves one record of each erasure', async () => {
  const server = new FakeEventStoreDb();
  await server.start();
  const settings = loadConfig({
    EVENTSTOREDB_URL: server.url,
    ROLEBOOK_STREAM_PREFIX: newPrefix(),
    ROLEBOOK_DATA_DIR: place.restored,
  });
  try {
    const keys = place.keyCopy();
    await place.take();
    await place.done(erase('cat'));
    const erasures = await place.listFile();
    const codes: string[] = [];
    for (let at = 1; codes.at(-1) !== 'none' && at < 20; at += 1) {
      const death = new Death(at);
      const openTarget = () => dying(death, settings);
      const openKeys = keysIn(keys, () => death.before());
      codes.push(await codeOf(place.restore({ dataDirectory: null, erasures, openTarget, openKeys })));
    }
    // Killed at the bar and at the erasure, then at keys and end, which all later runs come to.
    expect(codes.slice(0, 2)).toEqual(['CLOSED', 'CLOSED']);
    expect(codes.at(-1)).toBe('none');
    const log = await openLog(settings, { readOnly: true });
    expect(await verifyLog(log, () => undefined)).toMatchObject({
      events: place.manifest().log.events + 2,
      faults: [],
    });
    const { erasures: found } = await erasuresIn(log, () => new Date());
    expect(found).toMatchObject([{ account: ACCOUNT, user: 'cat' }]);
    await log.close();
  } finally {
    await server.stop();
  }
});
