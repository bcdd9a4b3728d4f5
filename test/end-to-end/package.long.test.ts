import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';

/** The package that `npm pack` makes, in an empty folder. Installs from npm’s cache, or else from its registry. */

const ROOT = path.join(__dirname, '..', '..');
const place = newDirectory();
const folder = path.join(place, 'empty');
const installed = path.join(folder, 'node_modules', 'rolebook');
const program = path.join(folder, 'node_modules', '.bin', 'rolebook');
const running = new Set<ChildProcess>();
const ENV = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: path.join(place, 'tmp') };

function run(cwd: string, command: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, env: ENV, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} failed (${status}):\n${stderr}`);
  return stdout;
}

function begin(command: string, ...words: string[]): ChildProcess {
  const child = spawn(command, words, { cwd: folder, env: ENV, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** The first match in what a process prints; fails where it ends without one. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let all = '';
  for await (const chunk of child.stdout!) {
    const found = pattern.exec((all += String(chunk)));
    if (found) return found;
  }
  throw new Error(`It ended:\n${all}`);
}

beforeAll(() => {
  for (const name of ['empty', 'tmp']) mkdirSync(path.join(place, name));
  run(ROOT, 'npm', 'pack', '--pack-destination', place);
  const [file] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
  run(folder, 'npm', 'install', path.join(place, file!), '--prefer-offline', '--no-audit', '--no-fund');
});
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  removeDirectory(place);
});

test('it holds the program and what others build on, and nothing of its making', () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)));
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'LICENSE', 'schema/schema.graphql', 'schema/catalogue.json']),
  );
  const odd = files.filter((name) =>
    /(^|\/)(test|bench|changes|lint|deploy|data)\/|\.test\.|\.ts$/.test(name),
  );
  expect(odd).toEqual([]);
  const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: object;
  };
  const inTree = readdirSync(path.join(folder, 'node_modules'));
  expect(inTree.filter((name) => ['jest', 'typescript', 'eslint', 'fast-check'].includes(name))).toEqual([]);
  expect(Object.keys(devDependencies)).toContain('jest');
});

test('npx finds it, and it serves from a data folder in the folder it is started in', async () => {
  expect(run(folder, 'npx', '--no-install', 'rolebook', '--help')).toContain('serve [options]');
  const server = begin(program, 'serve', '--port', '0');
  const [, url] = await printed(server, /serves on (http:\S+)[^]*Token {5}/);
  const token = run(folder, 'npx', '--no-install', 'rolebook', 'token', 'admin').trim();
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ me { id } users { totalCount } }' }),
  });
  expect(await answer.json()).toMatchObject({
    data: { me: { id: 'User:admin' }, users: { totalCount: 41 } },
  });
  // Its files are those of other packages, wherever npm put them.
  for (const name of ['react.js', 'react-dom.js', 'graphiql.js', 'graphiql.css', 'page.js'])
    expect([name, (await fetch(`${url}/graphiql/${name}`)).status]).toEqual([name, 200]);
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(existsSync(path.join(folder, 'data', 'log.sqlite'))).toBe(true);
});

test('the guide’s example for the tests of a frontend runs', async () => {
  const guide = readFileSync(path.join(ROOT, 'docs', 'frontend.md'), 'utf8');
  const [, example = ''] = /```js\n([^]*?async function startRolebook[^]*?)```/.exec(guide) ?? [];
  const query = JSON.stringify(JSON.stringify({ query: '{ me { id } }' }));
  writeFileSync(
    path.join(folder, 'example.js'),
    `${example}
startRolebook().then(async ({ graphql, tokens, stop }) => {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + tokens['li.wei'] };
  const answer = await fetch(graphql, { method: 'POST', headers, body: ${query} });
  console.log(await answer.text());
  stop();
});\n`,
  );
  expect(run(folder, process.execPath, 'example.js')).toContain('"id":"User:li-wei"');
  expect(readdirSync(path.join(place, 'tmp')).filter((name) => name.startsWith('rolebook'))).toEqual([]);
});
