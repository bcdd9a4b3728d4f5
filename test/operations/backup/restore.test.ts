import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openRestoreTarget } from '../../../src/app/open-log';
import { loadConfig } from '../../../src/config/config';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import type { RestoreTarget } from '../../../src/event-store/port/reserved';
import { fill } from '../sound-log';
import { codeOf, digestOf, modesIn, Place } from './harness';

/** Restores into a data folder: whole, taken up again, and closed to everyone until they end. */

let place: Place;
beforeEach(async () => {
  place = new Place();
  await place.record(200);
  await place.take();
});
afterEach(() => place.remove());

const keyFile = (): string => path.join(place.restored, 'signing.key');

/** Target that fails for good after so many appends, as if the process ended there. */
const dying = async (appends: number): Promise<RestoreTarget> => {
  const target = await openRestoreTarget(loadConfig({ ROLEBOOK_DATA_DIR: place.restored }));
  let left = appends;
  const append = target.appendInOrder.bind(target);
  target.appendInOrder = (given) =>
    append(
      (async function* () {
        for await (const each of given) {
          if (left-- === 0) throw new EventStoreError('CLOSED', 'died');
          yield each;
        }
      })(),
    );
  return target;
};

test('a restore has the events, the digest and the key; its log has an identity of its own', async () => {
  const { manifest, copied, key, identity } = await place.restore();
  expect([copied, key]).toEqual([300, 'restored']);
  expect(await digestOf(place.restored)).toBe(manifest.log.digest);
  expect(readFileSync(keyFile())).toEqual(readFileSync(place.key));
  expect(modesIn(place.restored)).toEqual(
    expect.arrayContaining(['log.sqlite 600', 'log.lock 600', 'signing.key 600']),
  );
  expect(statSync(place.restored).mode & 0o777).toBe(0o700);
  expect(identity).not.toBe(manifest.log.identity);
  const log = await place.openRestored(false);
  expect(await log.identity()).toBe(identity);
  await log.close();
});

test('until it ends nobody else opens the log; taken up again it is whole', async () => {
  expect(await codeOf(place.restore({ openTarget: () => dying(50) }))).toBe('CLOSED');
  for (const readOnly of [true, false])
    await expect(place.openRestored(readOnly)).rejects.toThrow(
      /RESTORE_UNFINISHED: .*rolebook restore again/,
    );
  // The key is there from the beginning: a start that is refused would make another one.
  expect(readFileSync(keyFile())).toEqual(readFileSync(place.key));
  const { compared, copied, key } = await place.restore();
  expect([compared > 0, compared + copied, key]).toEqual([true, 300, 'same']);
  expect(await digestOf(place.restored)).toBe(await digestOf(place.data));
});

test('one that ended before the log had tables keeps others out too', async () => {
  mkdirSync(place.restored);
  writeFileSync(path.join(place.restored, 'log.restoring'), '');
  expect(await codeOf(place.openRestored(false))).toBe('RESTORE_UNFINISHED');
  expect(await place.restore()).toMatchObject({ copied: 300, key: 'restored' });
  expect(existsSync(path.join(place.restored, 'log.restoring'))).toBe(false);
  await (await place.openRestored(false)).close();
});

test('it goes on with a later backup of the same log, and not with another one', async () => {
  expect(await codeOf(place.restore({ openTarget: () => dying(50) }))).toBe('CLOSED');
  const other = new Place();
  await other.record(5);
  await other.take();
  expect(await codeOf(place.restore({ directory: other.backup }))).toBe('RESTORE_NOT_EMPTY');
  other.remove();
  await place.record(10);
  await place.take();
  const { compared, copied } = await place.restore();
  expect(compared + copied).toBe(315);
});

test('a backup that did not end restores as the one before it', async () => {
  await place.record(10);
  const open = async (directory: string): Promise<never> => {
    const log = await openEmbeddedStore({ directory, purpose: 'backup' });
    await fill(log, 7);
    await log.close();
    throw new EventStoreError('CLOSED', 'died');
  };
  expect(await codeOf(place.take({ openLog: open }))).toBe('CLOSED');
  expect((await place.check()).inProgress).toBe(true);
  const { manifest } = await place.restore();
  expect([manifest.log.events, await digestOf(place.restored)]).toEqual([300, manifest.log.digest]);
});

describe('a target that is not empty is refused, and left as it was:', () => {
  test('a data folder', async () => {
    const before = modesIn(place.data);
    const digest = await digestOf(place.data);
    const openTarget = (): Promise<RestoreTarget> =>
      openRestoreTarget(loadConfig({ ROLEBOOK_DATA_DIR: place.data }));
    expect(await codeOf(place.restore({ dataDirectory: place.data, openTarget }))).toBe('RESTORE_NOT_EMPTY');
    expect([modesIn(place.data), await digestOf(place.data)]).toEqual([before, digest]);
  });

  test('a log alone, with events or without', async () => {
    for (const appends of [0, 1]) {
      const log = await openEmbeddedStore({ directory: place.restored });
      await fill(log, appends);
      await log.close();
      expect(await codeOf(place.restore())).toBe('RESTORE_NOT_EMPTY');
      expect(existsSync(keyFile())).toBe(false);
    }
  });

  test('a restore that has ended', async () => {
    await place.restore();
    expect(await codeOf(place.restore())).toBe('RESTORE_NOT_EMPTY');
  });

  test('a folder of something else, of the backup, or a file', async () => {
    mkdirSync(place.restored);
    writeFileSync(path.join(place.restored, 'thesis.doc'), '');
    expect(await codeOf(place.restore())).toBe('RESTORE_NOT_EMPTY');
    const within = path.join(place.backup, 'data');
    expect(await codeOf(place.restore({ dataDirectory: within }))).toBe('RESTORE_NOT_EMPTY');
    const file = path.join(place.root, 'file');
    writeFileSync(file, '');
    expect(await codeOf(place.restore({ dataDirectory: file }))).toBe('RESTORE_UNWRITABLE');
  });
});

test('a key that is there is kept; without keys none is brought', async () => {
  mkdirSync(place.restored);
  writeFileSync(keyFile(), 'e'.repeat(64));
  expect((await place.restore()).key).toBe('kept');
  expect(readFileSync(keyFile(), 'utf8')).toBe('e'.repeat(64));
  const bare = new Place();
  await bare.record(1);
  await bare.take({ keyFile: null });
  expect((await bare.restore()).key).toBe('none');
  expect(existsSync(path.join(bare.restored, 'signing.key'))).toBe(false);
  bare.remove();
});

test('a target that is full fails at once, and is taken up later', async () => {
  const full = async (): Promise<RestoreTarget> => {
    const target = await dying(20);
    const append = target.appendInOrder.bind(target);
    target.appendInOrder = async function* (given) {
      try {
        yield* append(given);
      } catch {
        throw new EventStoreError('UNAVAILABLE', 'the log could not be written: database or disk is full');
      }
    };
    return target;
  };
  await expect(place.restore({ openTarget: full })).rejects.toThrow(/^RESTORE_UNWRITABLE: .*disk is full/);
  expect(await codeOf(place.openRestored(false))).toBe('RESTORE_UNFINISHED');
  await place.restore();
});
