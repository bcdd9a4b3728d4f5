import { WRITES_SCHEMA } from '../../../src/domain/schema-versions';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { openBackupLog } from '../../../src/app/open-log';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import { EventStoreError, type EventStore } from '../../../src/event-store/port/event-store';
import type { OpenBackupLog } from '../../../src/operations/backup/local-log';
import type { Taken } from '../../../src/operations/backup/take';
import { MemoryEventStore } from '../../event-store/memory/memory-store';
import { storeOf } from '../../commands/harness';
import { fill } from '../sound-log';
import { codeOf, digestOf, modesIn, Place } from './harness';

/** Backups of a log: whole, continued, and refused where something else is in the way. */

let place: Place;
beforeEach(() => (place = new Place()));
afterEach(() => place.remove());

/** A log that does something else before it is read. */
const before = (log: EventStore, act: () => Promise<void>): EventStore => ({
  ...storeOf(log),
  line: log.line.bind(log),
  format: log.format.bind(log),
  origin: log.origin.bind(log),
  readStream: log.readStream.bind(log),
  head: log.head.bind(log),
  identity: log.identity.bind(log),
  close: log.close.bind(log),
  async *readAll(options) {
    await act();
    yield* log.readAll(options);
  },
});

test('a backup holds the log and the key, for its owner alone, and says what it holds', async () => {
  await place.record(40);
  const { manifest, compared, copied, bytes } = await place.take();
  expect([compared, copied, manifest.log.events, manifest.log.streams]).toEqual([0, 60, 60, 3]);
  expect(manifest).toMatchObject({
    program: '0.2.0',
    schemaVersion: String(WRITES_SCHEMA),
    began: '2026-03-01T12:00:00.000Z',
    log: {
      digest: await digestOf(place.data),
      voided: 0,
      faults: 0,
      last: { recordedAt: '2026-01-01T00:00:00.000Z' },
    },
  });
  expect(manifest.files.map(({ holds }) => holds)).toEqual(['log', 'signing-key', 'erasures']);
  expect(bytes).toBeGreaterThan(10_000);
  expect(modesIn(place.backup)).toEqual([
    'backup.json 600',
    'backup.lock 600',
    'erasures 700',
    expect.stringMatching(/^erasures\/erasures-[0-9a-f]{8}\.json 600$/),
    'keys 700',
    expect.stringMatching(/^keys\/signing-[0-9a-f]{8}\.key 600$/),
    'log 700',
    'log/log.lock 600',
    'log/log.sqlite 600',
  ]);
  const [name = ''] = place.savedKeys();
  expect(readFileSync(path.join(place.backup, 'keys', name))).toEqual(readFileSync(place.key));
});

test('again it compares what is there and brings what is new; the key is that of today', async () => {
  await place.record(40);
  await place.take();
  await place.record(10);
  writeFileSync(place.key, 'f'.repeat(64));
  const { compared, copied } = await place.take();
  expect([compared, copied]).toEqual([60, 15]);
  expect(place.savedKeys()).toHaveLength(1);
  const { manifest, inProgress } = await place.check();
  expect([manifest.log.events, inProgress]).toEqual([75, false]);
  expect(manifest.log.digest).toBe(await digestOf(place.data));
  expect(await place.take()).toMatchObject({ compared: 75, copied: 0 });
  await place.check();
});

test('a log that grows meanwhile is backed up as it was at the beginning', async () => {
  await place.record(10);
  const writer = await openEmbeddedStore({ directory: place.data });
  const growing = async (): Promise<EventStore> => before(await place.source(), () => fill(writer, 4));
  expect((await place.take({}, await growing())).manifest.log.events).toBe(15);
  expect((await place.check()).manifest.log.events).toBe(15);
  expect(await place.take({}, await growing())).toMatchObject({ compared: 15, copied: 6 });
  await writer.close();
});

test('an empty log is a backup of no events', async () => {
  await place.record(0);
  const { manifest } = await place.take();
  expect(manifest.log).toMatchObject({ events: 0, position: null, end: null, last: null });
  await place.check();
  await place.restore();
  expect(await digestOf(place.restored)).toBe(manifest.log.digest);
  await place.record(2);
  expect(await place.take()).toMatchObject({ compared: 0, copied: 3 });
});

test('what no reader applies is backed up and restored like all else, and told', async () => {
  await place.record(3);
  const log = await openEmbeddedStore({ directory: place.data });
  await log.append('rolebook.role-a.poisoned', 'no-stream', [
    { id: randomUUID(), type: 'UserAssigned', data: { role: 5 }, metadata: { part: '1', parts: '2' } },
  ]);
  await fill(log, 2);
  await log.close();
  const { manifest } = await place.take();
  expect([manifest.log.events, manifest.log.faults > 0]).toEqual([8, true]);
  await place.check();
  await place.restore();
  expect(await digestOf(place.restored)).toBe(await digestOf(place.data));
});

const holdings = ({ manifest }: Taken): string[] => manifest.files.map(({ holds }) => holds);

test('without the key on request, and where there is none', async () => {
  await place.record(1);
  await place.take();
  expect(holdings(await place.take({ keyFile: null }))).toEqual(['log', 'erasures']);
  expect(place.savedKeys()).toEqual([]);
  expect(holdings(await place.take({ keyFile: path.join(place.root, 'none') }))).toEqual(['log', 'erasures']);
  mkdirSync(path.join(place.root, 'folder'));
  expect(await codeOf(place.take({ keyFile: path.join(place.root, 'folder') }))).toBe('BACKUP_UNREADABLE');
});

describe('a folder of something else is refused, and left as it was:', () => {
  beforeEach(() => place.record(4));

  test.each<[string, (place: Place) => string]>([
    ['the data folder', ({ data }) => data],
    ['one within the data folder', ({ data }) => path.join(data, 'not', 'there')],
    [
      'one that leads into the data folder',
      ({ root, data }) => {
        symlinkSync(data, path.join(root, 'link'));
        return path.join(root, 'link', 'backup');
      },
    ],
    ['the folder that holds the data folder', ({ root }) => root],
    [
      'a folder with files of people',
      ({ backup }) => {
        mkdirSync(backup);
        writeFileSync(path.join(backup, 'thesis.doc'), '');
        return backup;
      },
    ],
    [
      'a data folder by the name of the log',
      ({ backup }) => {
        mkdirSync(path.join(backup, 'log', 'read-models'), { recursive: true });
        return backup;
      },
    ],
    [
      'a folder whose parts are links',
      ({ root, backup }) => {
        mkdirSync(backup);
        symlinkSync(root, path.join(backup, 'log'));
        return backup;
      },
    ],
  ])('%s', async (_name, directoryOf) => {
    const directory = directoryOf(place);
    const names = (): string[] => readdirSync(place.root, { recursive: true, encoding: 'utf8' }).sort();
    const there = names();
    expect(await codeOf(place.take({ directory }))).toBe('BACKUP_FOLDER');
    expect(names()).toEqual(there);
  });

  test('a file', async () => {
    writeFileSync(place.backup, '');
    expect(await codeOf(place.take())).toBe('BACKUP_UNWRITABLE');
    expect(await codeOf(place.take({ directory: path.join(place.backup, 'in') }))).toBe('BACKUP_UNREADABLE');
  });

  test('a log in use in the place of that of a backup', async () => {
    const other = await openEmbeddedStore({ directory: path.join(place.backup, 'log') });
    await other.close();
    expect(await codeOf(place.take())).toBe('BACKUP_FOLDER');
  });
});

test('a link to a folder is that folder; what is beside a backup may stay', async () => {
  await place.record(4);
  const disk = path.join(place.root, 'disk');
  mkdirSync(path.join(disk, 'lost+found'), { recursive: true });
  symlinkSync(disk, place.backup);
  await place.take();
  writeFileSync(path.join(disk, 'README.txt'), 'ours');
  expect(await place.take()).toMatchObject({ compared: 6, copied: 0 });
  await place.check(disk);
});

test('where the source cannot be read no folder is made', async () => {
  await place.record(1);
  const away = before(new MemoryEventStore(), () => Promise.resolve());
  const head = (): Promise<never> => Promise.reject(new EventStoreError('UNAVAILABLE', 'gone'));
  expect(await codeOf(place.take({}, { ...away, head }))).toBe('UNAVAILABLE');
  expect(existsSync(place.backup)).toBe(false);
});

test('the backup of another log is refused; of the same log it is said that one was changed', async () => {
  await place.record(4);
  await place.take();
  const other = new MemoryEventStore();
  await fill(other, 4);
  await expect(place.take({}, other)).rejects.toThrow('holds the backup of another log');
  const log = await place.source();
  const altered: EventStore = {
    ...before(log, () => Promise.resolve()),
    async *readAll(options) {
      for await (const event of log.readAll(options))
        yield event.position === 3n ? { ...event, data: { role: 'r1', user: 'someone-else' } } : event;
    },
  };
  await expect(place.take({}, altered)).rejects.toThrow('one of the two was changed');
  await place.check();
});

test('what a restore made continues the backup that it came from', async () => {
  await place.record(4);
  await place.take();
  await place.restore();
  const log = await openEmbeddedStore({ directory: place.restored });
  await fill(log, 2);
  expect(await place.take({}, log)).toMatchObject({ compared: 6, copied: 3 });
  await place.check();
});

test('two at once: one goes on, the other is refused', async () => {
  await place.record(40);
  const results = await Promise.all([codeOf(place.take()), codeOf(place.take())]);
  expect(results.sort()).toEqual(['BACKUP_LOCKED', 'none']);
  await place.check();
});

test('while its log is read a backup does not end, and the one before it holds', async () => {
  await place.record(4);
  await place.take();
  await place.record(2);
  const readers: EventStore[] = [];
  const beside: OpenBackupLog = async (directory, options) => {
    const log = await openBackupLog(directory, options);
    const reader = await openBackupLog(directory, { readOnly: true });
    readers.push(reader);
    await reader.head();
    return log;
  };
  expect(await codeOf(place.take({ openLog: beside }))).toBe('BACKUP_LOCKED');
  for (const reader of readers) await reader.close();
  expect((await place.check()).manifest.log.events).toBe(6);
});

test('files of an earlier backup that came to be open to others are closed again', async () => {
  await place.record(2);
  await place.take();
  chmodSync(path.join(place.backup, 'log', 'log.sqlite'), 0o644);
  expect((await place.check()).open).toHaveLength(1);
  await place.take();
  expect((await place.check()).open).toEqual([]);
});

test('the log of a backup is open to readers, and to no writer', async () => {
  await place.record(2);
  await place.take();
  const directory = path.join(place.backup, 'log');
  expect(await codeOf(openEmbeddedStore({ directory }))).toBe('LOG_OF_BACKUP');
  expect(await codeOf(openEmbeddedStore({ directory, purpose: 'restore' }))).toBe('LOG_OF_BACKUP');
  expect(await digestOf(directory)).toBe(await digestOf(place.data));
});
