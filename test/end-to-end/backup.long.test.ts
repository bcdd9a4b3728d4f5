import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type CommandResult } from './installation';

/** `rolebook backup` and `rolebook restore`, as an operator has them: beside a server. */

const CREATE = `mutation ($name: String!) { createRole(input: { name: $name }) { role { id } errors { code } position } }`;
const ROLES = '{ roles(kind: CUSTOM, first: 50) { totalCount } me { username } }';

let root: string;
let backup: string;
beforeEach(() => {
  root = newDirectory();
  backup = path.join(root, 'backup');
});
afterEach(() => removeDirectory(root));

/** Rows of a table that was printed as JSON, by column. */
const rows = ({ stdout }: CommandResult): Record<string, unknown>[] => JSON.parse(stdout) as never;
const noTrace = ({ stderr }: CommandResult): void =>
  expect(stderr).not.toMatch(/\n\s+at |Unexpected failure/);

test('beside a server that is written to; restored, it serves what was backed up to tokens from before', async () => {
  const installation = new Installation();
  const rehearsal = new Installation({});
  try {
    const server = await installation.start();
    const stop = new AbortController();
    const writing = (async () => {
      for (let n = 0; !stop.signal.aborted; n += 1) await server.graphql(CREATE, { name: `Role ${n}` });
    })();
    const first = await installation.rolebook('backup', backup, '--json');
    const second = await installation.rolebook('backup', backup, '--json');
    stop.abort();
    await writing;
    noTrace(second);
    expect([first.code, second.code]).toEqual([0, 0]);
    const [{ events: early } = {}] = rows(first);
    const [{ events, digest, position } = {}] = rows(second);
    expect(Number(events)).toBeGreaterThan(Number(early));
    expect(second.stderr).toContain(`${early} were there`);
    // The log itself had this digest when it ended there.
    const told = await installation.rolebook(
      'log',
      'verify',
      '--until',
      String(position),
      '--expect',
      String(digest),
    );
    expect([told.code, told.stderr]).toEqual([0, expect.stringContaining('byte for byte, what it was then')]);

    const { code, stdout } = await installation.rolebook('backup', 'verify', backup, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, [expect.objectContaining({ events, digest })]]);
    const masterKeys = path.join(rehearsal.directory, 'master.keys');
    const keys = await installation.rolebook(
      'keys',
      'copy',
      '--to',
      rehearsal.directory,
      '--to-master-keys',
      masterKeys,
    );
    expect(keys.code).toBe(0);
    const restored = await rehearsal.rolebook('restore', backup, '--to', rehearsal.directory, '--json');
    expect([restored.code, rows(restored)[0]?.digest]).toEqual([0, digest]);
    expect(statSync(path.join(rehearsal.directory, 'signing.key')).mode & 0o777).toBe(0o600);
    await server.stop();

    const again = await rehearsal.start();
    const authorization = `Bearer ${server.token}`;
    const answer = await again.graphql<{ roles: { totalCount: number }; me: { username: string } }>(
      ROLES,
      {},
      { authorization },
    );
    expect(answer.data.me.username).toBe('admin');
    expect(answer.data.roles.totalCount).toBeGreaterThanOrEqual(6);
    await again.stop();
  } finally {
    installation.remove();
    rehearsal.remove();
  }
});

test('a wrong command line is told as such, and makes nothing', async () => {
  const installation = new Installation({});
  try {
    for (const words of [['backup'], ['restore', backup], ['backup', 'verify'], ['backup', backup, '--keys']])
      expect([words, (await installation.rolebook(...words)).code]).toEqual([words, 2]);
    rmSync(installation.directory, { recursive: true });
    const nothing = await installation.rolebook('backup', backup);
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringMatching(/^there is no log in/)]);
    expect([existsSync(backup), existsSync(installation.directory)]).toEqual([false, false]);
  } finally {
    installation.remove();
  }
});

/** Commands of the guide, as they stand there. */
describe('docs/backup.md', () => {
  const guide = readFileSync(path.join(process.cwd(), 'docs', 'backup.md'), 'utf8');
  const blocks = [...guide.matchAll(/<!-- run -->\n+```sh\n([^]*?)```/g)].map(([, block = '']) => block);

  test('its commands do what it says', async () => {
    expect(blocks.length).toBeGreaterThan(1);
    const installation = new Installation({});
    const server = await installation.start();
    await server.stop();
    try {
      for (const block of blocks) {
        const script = block
          .replaceAll('/backup/rolebook', backup)
          .replaceAll('/keys/rolebook', path.join(root, 'keys'))
          .replaceAll('/tmp/rehearsal', path.join(root, 'rehearsal'))
          .replaceAll(
            'npx rolebook',
            `${process.execPath} ${path.join(process.cwd(), 'bin', 'rolebook.js')}`,
          );
        const { status, stderr } = spawnSync('sh', ['-ec', script], {
          env: { PATH: process.env.PATH, ...installation.settings },
          encoding: 'utf8',
        });
        expect([block, status, stderr]).toEqual([block, 0, expect.any(String)]);
      }
    } finally {
      installation.remove();
    }
  });
});
