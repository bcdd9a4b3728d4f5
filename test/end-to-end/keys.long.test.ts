import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openKeyBook } from '../../src/app/open-key-book';
import { loadConfig } from '../../src/config/config';
import type { KeyBook } from '../../src/keys/port/key-book';
import { newDirectory, removeDirectory } from '../directories';
import { Installation } from './installation';

/** `rolebook keys`, as an operator uses it, beside a process that has the key book open. */

const installation = new Installation({});
const file = path.join(installation.directory, 'master.keys');
const linesOf = (name: string): string[] =>
  readFileSync(name, 'utf8')
    .split('\n')
    .filter((line) => /^\w/.test(line));
const idsIn = (name: string): string[] => linesOf(name).map((line) => line.split(' ')[0]!);
let book: KeyBook;
let keys: string[];

beforeAll(async () => {
  book = await openKeyBook(loadConfig(installation.settings), { readOnly: false });
  await book.openAccount('acme');
  keys = [];
  for (let n = 0; n < 20; n += 1) keys.push((await book.newKey('acme')).id);
});
afterAll(async () => {
  await book.close();
  installation.remove();
});

const statusOf = async (...words: string[]) => {
  const { code, stdout, stderr } = await installation.rolebook('keys', 'status', '--json', ...words);
  return { code, stderr, found: (JSON.parse(stdout) as Record<string, unknown>[])[0] };
};

test('status counts keys, erasures and what waits for a rotation, and a rotation ends the wait', async () => {
  const [old] = idsIn(file) as [string];
  await book.erase('acme', keys.slice(0, 2));
  expect(await statusOf()).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('2 erased keys can still be read from an old copy'),
    found: {
      segments: 2,
      keys: 78,
      erased: 2,
      notShredded: 2,
      notShreddedSince: expect.stringMatching(/^\d{4}-.*Z$/),
      toRotate: 0,
      damaged: [],
      byMasterKey: { [old]: 2 },
    },
  });
  const idle = await installation.rolebook('keys', 'rotate');
  expect(idle).toMatchObject({ code: 0, stderr: expect.stringContaining('were sealed by') });

  expect(await installation.rolebook('keys', 'new-master', '--add')).toMatchObject({ code: 0, stdout: '' });
  const [added] = idsIn(file) as [string];
  expect(idsIn(file)).toEqual([added, old]);
  const rotated = await installation.rolebook('keys', 'rotate');
  expect(rotated.code).toBe(0);
  for (const said of [
    `2 segments sealed anew by ${added}.`,
    '2 erased keys shredded',
    'Nothing is left to rotate.',
    `${old} seals nothing any more. Take the line out of ${file}`,
  ])
    expect(rotated.stderr).toContain(said);
  for (const line of linesOf(file)) expect(rotated.stderr).not.toContain(line.split(' ')[1]);

  writeFileSync(file, `${linesOf(file)[0]}\n`);
  expect((await statusOf()).found).toMatchObject({ erased: 2, notShredded: 0, byMasterKey: { [added]: 2 } });
  const table = await installation.rolebook('keys', 'status');
  expect([table.code, table.stderr]).toEqual([0, '']);
  expect(table.stdout).toMatch(/erased, not shredded yet │ 0/);
}, 120_000);

test('a copy is under its own master key, follows erasures, and brings nobody back', async () => {
  const target = newDirectory();
  try {
    const copy = (...words: string[]) => installation.rolebook('keys', 'copy', ...words);
    const there = ['--to', target];
    expect((await copy(...there)).stderr).toContain('2 segments copied, 0 were there');
    expect(idsIn(path.join(target, 'master.keys'))).not.toEqual(idsIn(file));
    await book.erase('acme', [keys[5]!]);
    expect((await copy('--from', target, '--to', installation.directory)).stderr).toContain('2 were there');
    expect((await statusOf()).found).toMatchObject({ erased: 3 });
    expect((await copy(...there)).stderr).toContain('1 lost the keys');
    expect((await statusOf('--log', target)).found).toMatchObject({ erased: 3, notShredded: 1 });
  } finally {
    removeDirectory(target);
  }
}, 120_000);

test('a copy is under its own master key also where a setting names those of the service', async () => {
  const root = newDirectory();
  const target = path.join(root, 'copy');
  const service = path.join(root, 'service.keys');
  writeFileSync(service, readFileSync(file));
  const set = new Installation({ ROLEBOOK_MASTER_KEY_FILE: service });
  try {
    const copy = ['keys', 'copy', '--from', installation.directory, '--to', target];
    expect((await set.rolebook(...copy)).stderr).toContain('2 segments copied, 0 were there');
    expect(idsIn(path.join(target, 'master.keys'))).not.toEqual(idsIn(service));
    // The copy goes on, whatever becomes of the keys of the service.
    writeFileSync(service, `other ${'5a'.repeat(32)}\n`);
    expect((await set.rolebook(...copy)).stderr).toContain('0 segments copied, 2 were there');
    const status = await set.rolebook('keys', 'status', '--json', '--log', target);
    expect([status.code, JSON.parse(status.stdout)]).toEqual([0, [expect.objectContaining({ damaged: [] })]]);
  } finally {
    set.remove();
    removeDirectory(root);
  }
}, 120_000);

test('a new line is printed for those who keep the file elsewhere', async () => {
  const { code, stdout } = await installation.rolebook('keys', 'new-master');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^m[0-9a-f]{12} [0-9a-f]{64}\n$/)]);
}, 60_000);

test('refusals are one line with exit code 1, and nothing is made', async () => {
  const nowhere = path.join(installation.directory, 'nowhere');
  for (const command of ['status', 'rotate']) {
    const { code, stdout, stderr } = await installation.rolebook('keys', command, '--log', nowhere);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^MASTER_KEY_FILE: [^\n]+\n$/)]);
  }
  expect(existsSync(nowhere)).toBe(false);
  const kept = readFileSync(file);
  rmSync(file);
  const { code, stderr } = await installation.rolebook('keys', 'status');
  writeFileSync(file, kept);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^MASTER_KEY_FILE: [^\n]+ is not there[^\n]+\n$/),
  ]);
  const server = new Installation({
    EVENTSTOREDB_URL: 'esdb://127.0.0.1:1?tls=false',
    ROLEBOOK_MASTER_KEY_FILE: '',
  });
  const unset = await server.rolebook('keys', 'status');
  server.remove();
  expect([unset.code, unset.stderr]).toEqual([1, expect.stringContaining('ROLEBOOK_MASTER_KEY_FILE')]);
}, 120_000);
