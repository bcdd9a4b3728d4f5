import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Installation } from './installation';

/** Positions and ids of events on the command line, on a log and on its copy. Embedded logs alone. */

/** Copies the file of a log, with what SQLite keeps beside it. */
function copyFile(from: Installation, to: Installation): void {
  const isOfLog = (name: string): boolean => /^(log\.sqlite|keys\.sqlite|master\.keys)/.test(name);
  for (const name of readdirSync(from.directory).filter(isOfLog))
    cpSync(path.join(from.directory, name), path.join(to.directory, name));
}

const installations: Installation[] = [];
const install = (): Installation => {
  const made = new Installation({});
  installations.push(made);
  return made;
};
afterAll(() => installations.forEach((each) => each.remove()));

interface Line {
  readonly position: string;
  readonly id: string;
  readonly type: string;
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

const events = async (installation: Installation, ...words: string[]) => {
  const result = await installation.rolebook('events', '--account', 'demo', ...words);
  return { ...result, lines: linesOf(result.stdout) };
};

const POSITION = '{ me { id } }';
const CREATE = 'mutation { createRole(input: { name: "Copied" }) { position errors { code } } }';

test('positions of a log hold in its copy: those of the API and of events, served and from the command line', async () => {
  const source = install();
  let server = await source.start();
  const { createRole } = (await server.graphql<{ createRole: { position: string } }>(CREATE)).data;
  const all = await events(source);
  expect(all.lines.at(-1)).toMatchObject({ position: createRole.position, type: 'RoleCreated' });
  await server.stop();

  const copy = install();
  const copied = await source.rolebook('log', 'copy', '--to', copy.directory);
  expect([copied.code, copied.stderr]).toEqual([0, expect.stringContaining('the logs are equal')]);
  expect(copied.stderr).not.toContain('do not hold');
  expect(copied.stderr).toContain('rolebook keys copy');
  expect((await source.rolebook('keys', 'copy', '--to', copy.directory)).code).toBe(0);

  // Without read models, and with them.
  const middle = all.lines[100]!;
  for (const installation of [copy, source]) {
    for (const named of [middle.position, middle.id]) {
      const rest = await events(installation, '--after', named);
      expect([rest.code, rest.lines]).toEqual([0, all.lines.slice(101)]);
    }
    const end = await events(installation, '--after', createRole.position);
    expect([end.code, end.lines]).toEqual([0, []]);
  }

  cpSync(path.join(source.directory, 'signing.key'), path.join(copy.directory, 'signing.key'));
  server = await copy.start();
  const answer = await server.graphql(POSITION, {}, { 'rolebook-min-position': createRole.position });
  expect(answer).toMatchObject({ data: { me: {} }, extensions: { position: createRole.position } });
  await server.stop();

  const replayed = await copy.rolebook('replay', '--role', 'account-admin', '--format', 'ndjson');
  expect(replayed.code).toBe(0);
  const { event } = JSON.parse(replayed.stdout.split('\n')[0]!) as { event: Line };
  expect(all.lines.find(({ id }) => id === event.id)?.position ?? event.position).toBe(event.position);
}, 300_000);

test('what the log does not have is an error with a code, and exit code 1', async () => {
  const installation = install();
  await (await installation.start()).stop();
  const older = install();
  copyFile(installation, older);
  const server = await installation.start();
  const { createRole } = (await server.graphql<{ createRole: { position: string } }>(CREATE)).data;
  await server.stop();

  for (const [on, named, code] of [
    [older, createRole.position, 'POSITION_NOT_REACHED'],
    [install(), createRole.position, 'POSITION_OF_ANOTHER_STORE'],
    [older, 'nonsense', 'BAD_USER_INPUT'],
    [older, '00000000-0000-4000-8000-000000000000', 'BAD_USER_INPUT'],
  ] as const) {
    if (code === 'POSITION_OF_ANOTHER_STORE') await (await on.start()).stop();
    const refused = await events(on, '--after', named);
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([1, '', expect.stringContaining(code)]);
    expect(refused.stderr).not.toContain('    at ');
  }

  // The older copy goes on by itself.
  const fork = await older.start();
  await fork.graphql('mutation { createRole(input: { name: "Instead" }) { position } }');
  await fork.stop();
  const forked = await events(older, '--after', createRole.position);
  expect([forked.code, forked.stderr]).toEqual([1, expect.stringContaining('POSITION_OF_A_FORK')]);
}, 300_000);
