import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type CommandResult } from './installation';

/** `rolebook export tables` as people call it: beside a server, again, and killed. */

const folder = newDirectory();
const installation = new Installation();
afterAll(() => {
  installation.remove();
  removeDirectory(folder);
});

const rowsOf = (name: string, table: string): Record<string, string>[] =>
  parse(readFileSync(path.join(folder, name, `${table}.csv`), 'utf8'), { columns: true });
const exporting = (name: string, ...words: string[]) =>
  installation.rolebook('export', 'tables', '--out', path.join(folder, name), ...words);

test('beside a server the demo comes whole, and its positions are those of the API', async () => {
  const server = await installation.start();
  const { code, stdout, stderr } = await exporting('demo');
  expect([code, stderr.includes('Exporting memberships')]).toEqual([0, true]);
  expect(stdout).toContain('memberships.csv');
  const members = rowsOf('demo', 'memberships').filter(({ role }) => role === 'campaign-manager');
  const { fromPosition } = members.at(-1)!;
  const query = `query ($at: Position!) {
    role(id: "Role:campaign-manager", asOf: { position: $at }) { users(first: 100) { nodes { key } } } }`;
  const { data } = await server.graphql<{ role: { users: { nodes: { key: string }[] } } }>(query, {
    at: fromPosition,
  });
  const then = data.role.users.nodes.map(({ key }) => key.replace('User:', ''));
  expect(then).toContain(members.at(-1)!.user);
  const again = await exporting('demo');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is whole')]);
  const other = await exporting('none', '--account', 'nobody');
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('There is no account nobody')]);
  expect(existsSync(path.join(folder, 'none'))).toBe(false);
  await server.stop();
});

test('killed at any moment, and started again until it is done, it has every row once', async () => {
  await exporting('whole');
  const manifest = path.join(folder, 'killed', 'export.json');
  const told = (): string => (existsSync(manifest) ? readFileSync(manifest, 'utf8') : '');
  for (let kills = 0; ; kills += 1) {
    const before = told();
    const running = installation.begin('export', 'tables', '--out', path.join(folder, 'killed'));
    let ended: CommandResult | null = null;
    void running.ended.then((result) => (ended = result));
    // Ends soon after it has written something, every time a little later.
    while (ended === null && told() === before) await sleep(2);
    await sleep(kills * 3);
    running.kill();
    const { code, stderr } = await running.ended;
    if (code === 0 || stderr.includes('is whole')) break;
    expect(stderr).not.toContain('rror');
  }
  for (const table of ['memberships', 'grants', 'users', 'permissions', 'roleSizes'])
    expect(rowsOf('killed', table)).toEqual(rowsOf('whole', table));
});
