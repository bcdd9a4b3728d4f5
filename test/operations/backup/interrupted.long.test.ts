import fs from 'node:fs';
import path from 'node:path';
import { lockFolder, openBackupLog } from '../../../src/app/open-log';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import type { BackupLog } from '../../../src/event-store/port/reserved';
import type { OpenBackupLog } from '../../../src/operations/backup/local-log';
import { codeOf, digestOf, Place } from './harness';

/**
 * Backups and restores that end at any one of their calls on files and logs, each in turn: what was whole before is whole
 * afterwards, and done again they complete.
 */

/** Calls that change or make durable something on the disk. */
const CALLS = [
  'mkdirSync',
  'openSync',
  'writeSync',
  'fsyncSync',
  'renameSync',
  'linkSync',
  'chmodSync',
] as const;

let place: Place;
beforeEach(() => (place = new Place()));
afterEach(() => {
  jest.restoreAllMocks();
  place.remove();
});

/** The n-th call fails as the system makes it fail; returns a count of calls so far. */
function failing(n: number, code: string): () => number {
  let calls = 0;
  for (const name of CALLS) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, name as 'mkdirSync').mockImplementation(((...args: unknown[]) => {
      calls += 1;
      if (calls === n) throw Object.assign(new Error(`${code}: made up`), { code, syscall: name, errno: -1 });
      return real(...args);
    }) as never);
  }
  return () => calls;
}

/** The log of the backup, of which the n-th call ends the process, so to speak. */
const dying =
  (n: number): OpenBackupLog =>
  async (directory, options) => {
    let calls = 0;
    const call = (): void => {
      if (++calls === n) throw new EventStoreError('CLOSED', 'died');
    };
    const log: BackupLog = await openBackupLog(directory, options);
    const { head, seal, appendInOrder, readAll } = log;
    return Object.assign(log, {
      async head() {
        call();
        return head.call(log);
      },
      async seal() {
        call();
        await seal.call(log);
        call();
      },
      async *readAll(options: Parameters<typeof readAll>[0]) {
        for await (const event of readAll.call(log, options)) {
          if (event.revision % 9 === 0) call();
          yield event;
        }
      },
      appendInOrder: (appends: Parameters<typeof appendInOrder>[0]) =>
        appendInOrder.call(
          log,
          (async function* () {
            for await (const append of appends) {
              if (append.expected === 'no-stream' || Number(append.expected) % 5 === 0) call();
              yield append;
            }
          })(),
        ),
    });
  };

test.each(['ENOSPC', 'EACCES', 'EROFS', 'EIO'])('a file system that answers %s at any call', async (code) => {
  await place.record(10);
  await place.take();
  const { digest } = place.manifest().log;
  await place.record(10);
  let failures = 0;
  for (let n = 1; ; n += 1) {
    const calls = failing(n, code);
    const result = await codeOf(place.take());
    const reached = calls() >= n;
    jest.restoreAllMocks();
    if (!reached) {
      expect(result).toBe('none');
      break;
    }
    // The store tells of its own files by its own code.
    expect([n, result]).toEqual([n, expect.stringMatching(/^BACKUP_UNWRITABLE$|^BACKUP_UNREADABLE$/)]);
    failures += 1;
    const { manifest } = await place.check();
    // The manifest that is there holds, be it the one before or the new one.
    expect([15, 30]).toContain(manifest.log.events);
    if (manifest.log.events === 15) expect(manifest.log.digest).toBe(digest);
  }
  expect(failures).toBeGreaterThan(10);
  expect((await place.check()).manifest.log.digest).toBe(await digestOf(place.data));
});

test('a first backup that ends at any call is incomplete or whole, and is repeated', async () => {
  await place.record(10);
  const seen = new Set<string>();
  for (let n = 1; ; n += 1) {
    const calls = failing(n, 'ENOSPC');
    await codeOf(place.take());
    const reached = calls() >= n;
    jest.restoreAllMocks();
    seen.add(await codeOf(place.check()));
    if (!reached) break;
    if (n % 3 === 0) fs.rmSync(place.backup, { recursive: true, force: true });
  }
  expect([...seen].sort()).toEqual(['BACKUP_INCOMPLETE', 'BACKUP_NOT_FOUND', 'none']);
  expect((await place.check()).manifest.log.digest).toBe(await digestOf(place.data));
});

test('a backup that ends at any call of its log leaves the one before it, which can be restored, and is repeated', async () => {
  await place.record(10);
  await place.take();
  const before = place.manifest().log;
  await place.record(30);
  const digest = await digestOf(place.data);
  let deaths = 0;
  for (let n = 1; ; n += 1) {
    const dead = path.join(place.root, 'dead');
    fs.cpSync(place.backup, dead, { recursive: true });
    const code = await codeOf(place.take({ directory: dead, openLog: dying(n) }));
    if (code === 'none') break;
    deaths += 1;
    expect(['CLOSED', 'BACKUP_UNREADABLE']).toContain(code);
    // A copy: this process itself holds what it had open, as a killed one would not.
    const directory = path.join(place.root, `after-${n}`);
    fs.cpSync(dead, directory, { recursive: true });
    fs.rmSync(dead, { recursive: true });
    const { manifest, inProgress } = await place.check(directory);
    expect([manifest.log, inProgress]).toEqual([before, true]);
    await place.restore({ directory });
    expect(await digestOf(place.restored)).toBe(before.digest);
    fs.rmSync(place.restored, { recursive: true });
    const again = path.join(place.root, `again-${n}`);
    fs.cpSync(directory, again, { recursive: true });
    expect((await place.take({ directory: again })).manifest.log.digest).toBe(digest);
    expect((await place.check(again)).inProgress).toBe(false);
  }
  expect(deaths).toBeGreaterThan(5);
});

test('a restore that ends at any call on files is taken up again', async () => {
  await place.record(10);
  await place.take();
  let failures = 0;
  for (let n = 1; ; n += 1) {
    const calls = failing(n, 'ENOSPC');
    const result = await codeOf(place.restore());
    const reached = calls() >= n;
    jest.restoreAllMocks();
    if (!reached) {
      expect(result).toBe('none');
      break;
    }
    failures += 1;
    expect([n, result]).toEqual([n, expect.stringMatching(/^RESTORE_UNWRITABLE$|^BACKUP_UN/)]);
    if (n % 2 === 0) fs.rmSync(place.restored, { recursive: true, force: true });
  }
  expect(failures).toBeGreaterThan(5);
  expect(await digestOf(place.restored)).toBe(await digestOf(place.data));
});

test('a lock that cannot be made is told as what it is', async () => {
  await place.record(1);
  const lock = (): never => {
    throw new EventStoreError('UNAVAILABLE', 'cannot lock');
  };
  expect(await codeOf(place.take({ lock }))).toBe('BACKUP_UNWRITABLE');
  const held = lockFolder(place.backup, 'backup.lock');
  expect(await codeOf(place.take())).toBe('BACKUP_LOCKED');
  held.release();
  expect(await codeOf(place.take())).toBe('none');
});
