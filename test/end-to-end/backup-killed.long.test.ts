import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import { EventStoreDbStore } from '../../src/event-store/eventstoredb';
import type { EventStore } from '../../src/event-store/port/event-store';
import { newDirectory, removeDirectory } from '../directories';
import { newPrefix, serverUrl } from '../eventstoredb';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { fill } from '../operations/sound-log';
import { Installation, type CommandResult } from './installation';

/** `rolebook backup` and `rolebook restore`, killed on their way, and on a full disk. */

let root: string;
let backup: string;
beforeEach(() => {
  root = newDirectory();
  backup = path.join(root, 'backup');
});
afterEach(() => removeDirectory(root));

/** Rows of a table that was printed as JSON, by column. */
const rows = ({ stdout }: CommandResult): Record<string, unknown>[] => JSON.parse(stdout) as never;
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const noTrace = ({ stderr }: CommandResult): void =>
  expect(stderr).not.toMatch(/\n\s+at |Unexpected failure/);

interface Target {
  /** Name of it on the command line. */
  readonly to: string;
  readonly installation: Installation;
  /** Number of events to restore. */
  readonly events: number;
  /** Bytes or events that a restore has brought so far, as a share of the whole, roughly. */
  readonly reached: () => number;
  readonly close: () => void | Promise<void>;
}

/** Events of a log that takes long enough to be killed in the midst of; a fake server is slower. */
const MANY = 12_000;
const FEW = 3_000;

const targets: [string, () => Promise<Target>][] = [
  [
    'a data folder',
    async () => {
      const installation = new Installation({});
      const file = path.join(installation.directory, 'log.sqlite-wal');
      return {
        to: installation.directory,
        installation,
        events: MANY,
        reached: () => sizeOf(file) / (MANY * 500),
        close: () => installation.remove(),
      };
    },
  ],
  ['a fake EventStoreDB', () => fake()],
];
if (serverUrl) targets.push(['EventStoreDB', () => onServer(serverUrl ?? '', MANY, () => undefined)]);

async function fake(): Promise<Target> {
  const server = new FakeEventStoreDb();
  await server.start();
  return onServer(server.url, FEW, () => server.stop());
}

async function onServer(url: string, events: number, close: () => void): Promise<Target> {
  const prefix = newPrefix();
  const installation = new Installation({ EVENTSTOREDB_URL: url, ROLEBOOK_STREAM_PREFIX: prefix });
  const store = new EventStoreDbStore({ url, streamPrefix: prefix, purpose: 'restore' });
  let arrived = 0;
  const over = new AbortController();
  const counting = (async () => {
    for await (const { kind } of store.subscribe({ signal: over.signal })) if (kind === 'event') arrived += 1;
  })().catch(() => undefined);
  return {
    to: url,
    installation,
    events,
    reached: () => arrived / events,
    close: async () => {
      over.abort();
      await counting;
      await store.close();
      close();
      installation.remove();
    },
  };
}

describe('killed again and again', () => {
  let source: Installation;

  const fillSource = async (events: number): Promise<void> => {
    source = new Installation({});
    const log: EventStore = await openEmbeddedStore({ directory: source.directory });
    await fill(log, events / 1.5, 40);
    await log.close();
  };
  afterEach(() => source.remove());

  /** Begins a command, and kills it once `ready`; resolves with what it printed, whether it was killed in time or not. */
  const killed = async (
    installation: Installation,
    words: readonly string[],
    ready: () => boolean,
  ): Promise<CommandResult> => {
    const command = installation.begin(...words);
    let over = false;
    void command.ended.then(() => (over = true));
    while (!over && !ready()) await sleep(2);
    command.kill();
    return command.ended;
  };

  test('a backup is refused as incomplete until it has ended', async () => {
    await fillSource(MANY);
    const share = (): number => sizeOf(path.join(backup, 'log', 'log.sqlite-wal')) / (MANY * 500);
    for (const ready of [() => existsSync(path.join(backup, 'in-progress')), () => share() > 0.3]) {
      const { code } = await killed(source, ['backup', backup], ready);
      expect(code).toBeNull();
      const half = await source.rolebook('backup', 'verify', backup);
      expect([half.code, half.stdout, half.stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^BACKUP_INCOMPLETE/),
      ]);
    }
    const nothing = await source.rolebook('restore', backup, '--to', path.join(root, 'restored'));
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringMatching(/^BACKUP_INCOMPLETE/)]);
    const taken = await source.rolebook('backup', backup, '--json');
    expect([taken.code, rows(taken)[0]]).toEqual([0, expect.objectContaining({ events: MANY })]);
    expect(Number(rows(taken)[0]?.new)).toBeLessThan(MANY);
    expect((await source.rolebook('backup', 'verify', backup)).code).toBe(0);
  });

  test.each(targets)('a restore to %s completes, and nothing serves what is half', async (_name, open) => {
    const target = await open();
    await fillSource(target.events);
    try {
      expect((await source.rolebook('backup', backup)).code).toBe(0);
      const restore = ['restore', backup, '--to', target.to];
      for (const share of [0, 0.3]) {
        const { code } = await killed(target.installation, restore, () => target.reached() > share);
        expect(code).toBeNull();
        await expect(target.installation.start()).rejects.toThrow(
          /RESTORE_UNFINISHED: .*Run the same rolebook restore/,
        );
      }
      const read = await target.installation.rolebook('export', 'users');
      expect([read.code, read.stdout, read.stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^RESTORE_UNFINISHED/),
      ]);
      const restored = await target.installation.rolebook(...restore, '--json');
      noTrace(restored);
      expect(restored.code).toBe(0);
      expect(Number(rows(restored)[0]?.['restored now'])).toBeLessThan(target.events);
      const of = await source.rolebook('log', 'verify', '--json');
      const at = await target.installation.rolebook('log', 'verify', '--json');
      expect(rows(at)[0]).toMatchObject({ events: target.events, faults: 0, digest: rows(of)[0]?.digest });
      const again = await target.installation.rolebook(...restore);
      expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/^RESTORE_NOT_EMPTY/)]);
    } finally {
      await target.close();
    }
  });
});

test('a disk that is full: told without a stack trace, and repeated with room', async () => {
  const source = new Installation({});
  const log = await openEmbeddedStore({ directory: source.directory });
  await fill(log, 3_000);
  await log.close();
  const rolebook = path.join(process.cwd(), 'bin', 'rolebook.js');
  /** No file may be larger than so many blocks of 512 bytes. */
  const limited = (blocks: number, ...words: string[]): CommandResult => {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, rolebook, ...words],
      { env: { PATH: process.env.PATH, ...source.settings }, encoding: 'utf8' },
    );
    return { code: status, stdout, stderr };
  };
  const restored = path.join(root, 'restored');
  try {
    for (const blocks of [8, 1_000]) {
      const full = limited(blocks, 'backup', backup);
      expect([blocks, full.code, full.stdout]).toEqual([blocks, 1, '']);
      expect(full.stderr).toMatch(/BACKUP_UNWRITABLE: /);
      noTrace(full);
    }
    expect((await source.rolebook('backup', backup)).code).toBe(0);
    const full = limited(400, 'restore', backup, '--to', restored);
    expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/RESTORE_UNWRITABLE: /)]);
    noTrace(full);
    expect((await source.rolebook('restore', backup, '--to', restored)).code).toBe(0);
    const unwritable = await source.rolebook('backup', '/proc/rolebook');
    expect([unwritable.code, unwritable.stderr]).toEqual([1, expect.stringMatching(/^BACKUP_UNWRITABLE/)]);
  } finally {
    source.remove();
  }
});
