import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore, Position } from '../../src/event-store/port/event-store';
import { Installation, type RunningCommand } from './installation';

/** Imports that are killed at random moments and sent again: nothing is doubled, and nothing is missing. */

const USERS = 5_000;
const ROLES = 60;
const usernames = Array.from({ length: USERS }, (_, n) => `user${n}@example.com`);
const roles = Array.from({ length: ROLES }, (_, n) => ({
  name: `Role ${String(n).padStart(2, '0')}`,
  description: null,
  grants: [{ permission: 'roles/view', scopes: [] }],
  users: usernames.filter((_username, index) => index % ROLES === n).sort(),
}));

let installation: Installation;
let log: EventStore;
beforeAll(() => (installation = new Installation()));
afterAll(async () => {
  await log?.close();
  installation.remove();
});

test('imports that are killed again and again are whole when they are sent once more', async () => {
  const server = await installation.start();
  await installation.rolebook('account', 'open', 'acme', '--admin', 'boss');
  log = await installation.openLog();
  const before = await streamsOf('UserRegistered');

  // Through a server, which is what dies; then alone.
  const users = fileOf('users.csv', [
    'username,name',
    ...usernames.map((username) => `${username},${username}`),
  ]);
  const first = importing('users', users);
  await written('UserRegistered', USERS * 0.4 * Math.random());
  await server.kill();
  expect((await first.ended).code).toBe(1);
  for (const share of [0.4, 0.7]) {
    const next = importing('users', users);
    await written('UserRegistered', USERS * (share + 0.3 * Math.random()));
    next.kill();
    await next.ended;
  }
  const [summary] = await summaryOf(importing('users', users));
  expect(summary).toMatchObject({ refused: 0 });
  expect((summary?.written ?? 0) + (summary?.unchanged ?? 0)).toBe(USERS);
  const registered = await streamsOf('UserRegistered');
  expect([...registered].filter(([, times]) => times !== 1)).toEqual([]);
  expect(registered.size).toBe(before.size + USERS);
  const rows = (await exported('users')).slice(1).map((row) => row.split(',')[0]);
  expect(rows.sort()).toEqual(['boss', ...usernames].sort());

  const lines = fileOf(
    'roles.ndjson',
    roles.map((role) => JSON.stringify(role)),
  );
  const killed = importing('roles', lines);
  await written('RoleCreated', ROLES * Math.random());
  killed.kill();
  await killed.ended;
  expect(await summaryOf(importing('roles', lines))).toMatchObject([{ refused: 0 }]);
  const found = (await exported('roles')).map((line) => JSON.parse(line) as { name?: string });
  expect(found.filter(({ name }) => name !== undefined)).toEqual(roles);

  const head = await log.head();
  expect(await summaryOf(importing('users', users))).toEqual([{ written: 0, unchanged: USERS, refused: 0 }]);
  expect(await summaryOf(importing('roles', lines))).toEqual([{ written: 0, unchanged: ROLES, refused: 0 }]);
  expect(await log.head()).toEqual(head);
});

const importing = (what: string, file: string): RunningCommand =>
  installation.begin('import', what, file, '--account', 'acme', '--json');

/** @throws Error with all that the command said where it printed no summary */
async function summaryOf({ ended }: RunningCommand): Promise<Record<string, number>[]> {
  const { code, stdout, stderr } = await ended;
  try {
    return JSON.parse(stdout) as Record<string, number>[];
  } catch (cause) {
    throw new Error(`The import ended (${code}) without a summary: ${stdout}\n${stderr}`, { cause });
  }
}

async function exported(what: string): Promise<string[]> {
  const { stdout } = await installation.rolebook('export', what, '--account', 'acme');
  return stdout.trim().split('\n');
}

function fileOf(name: string, lines: readonly string[]): string {
  const file = path.join(installation.directory, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Number of events of a type on each stream of the account. */
async function streamsOf(type: string): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for await (const event of log.readAll()) {
    if (event.type !== type || event.metadata.account !== 'acme') continue;
    times.set(event.stream, (times.get(event.stream) ?? 0) + 1);
  }
  return times;
}

/** Waits until the account has so many events of a type. */
async function written(type: string, count: number): Promise<void> {
  let seen = 0;
  let after: Position | undefined;
  for (; seen < count; await sleep(20)) {
    for await (const event of log.readAll({ after })) {
      after = event.position;
      if (event.type === type && event.metadata.account === 'acme') seen += 1;
    }
  }
}
