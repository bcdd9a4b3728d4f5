import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createGuards } from '../../projections/guards';
import { openReadModels, type LocalReadModels } from '../../projections/files';
import { createCommandBus } from '../../src/commands/bus';
import type { Command, CommandOutcome } from '../../src/commands/command';
import { StreamLoader } from '../../src/commands/stream-loader';
import { MemoryEventStore } from '../../src/event-store/memory';
import { operatorContext } from '../../src/operations/open-account';
import { localOperatorBus, type OperatorBus } from '../../src/operations/operator-bus';
import { exportRoles, exportUsers } from '../../src/operations/transfer/export';
import { importRoles } from '../../src/operations/transfer/import-roles';
import { importUsers } from '../../src/operations/transfer/import-users';
import { newDirectory, removeDirectory } from '../directories';

/** Importing: the same file twice changes nothing, and what changed in between stays as people left it. */

const store = new MemoryEventStore();
const directory = newDirectory();
let models: LocalReadModels;
let bus: OperatorBus;

beforeAll(async () => {
  models = await openReadModels({ directory, store });
  await models.caughtUp();
  const guards = createGuards(models);
  const tools = {
    store,
    guards,
    loader: new StreamLoader(store),
    now: () => new Date(),
    pause: async () => undefined,
  };
  bus = localOperatorBus(createCommandBus(tools), models);
});
afterAll(async () => {
  await models.close();
  removeDirectory(directory);
});

const run = async (account: string, command: Command): Promise<CommandOutcome> => {
  const [answer] = await bus.executeAll([{ command, context: operatorContext(account) }]);
  return answer as CommandOutcome;
};
const fileOf = (name: string, text: string | Buffer): string => {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
};
const faults: string[] = [];
const events = {
  onFault: (line: number, why: string) => void faults.push(`${line} ${why}`),
  onProgress: () => undefined,
};
const roles = (account: string, text: string) =>
  importRoles(bus, models, account, fileOf('roles.ndjson', text), events);
const users = (account: string, text: string | Buffer) =>
  importUsers(bus, account, fileOf('users.csv', text), events);
const names = (account: string) =>
  models
    .view(account)
    .roleList({ kind: 'CUSTOM' }, 'NAME_ASC', { first: 50 })
    .items.map(({ item }) => [item.name, item.userCount]);

beforeEach(() => faults.splice(0));

test('a role that was renamed since its import is left alone, and one that was deleted can be imported again', async () => {
  await run('a', { type: 'openAccount', name: 'A', features: [] });
  await users('a', 'username,name\nann,Ann\n');
  const line = '{"name":"Imported","users":["ann"]}\n';
  expect(await roles('a', line)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  expect(await roles('a', line)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  const first =
    models.view('a').roleList({ kind: 'CUSTOM' }, 'NAME_ASC', { first: 1 }).items[0]?.item.id ?? '';
  const ann = [...models.view('a').userIds(['ann']).values()];
  await run('a', { type: 'updateRole', role: first, name: 'Renamed', unassignUserIds: ann });
  expect(await roles('a', line)).toEqual({ written: 1, unchanged: 0, refused: 0 });
  expect(names('a')).toEqual([
    ['Imported', 1],
    ['Renamed', 0],
  ]);
  expect(await roles('a', line)).toEqual({ written: 0, unchanged: 1, refused: 0 });
  const second =
    models.view('a').roleList({ search: 'imported' }, 'NAME_ASC', { first: 1 }).items[0]?.item.id ?? '';
  await run('a', { type: 'deleteRole', role: second });
  expect(await roles('a', line)).toEqual({ written: 1, unchanged: 0, refused: 0 });
});

test('long names that begin alike are two roles; what is exported and imported exports the same', async () => {
  await run('b', { type: 'openAccount', name: 'B', features: [] });
  await run('c', { type: 'openAccount', name: 'C', features: [] });
  await users('b', 'username,name,id\n"say ""hi""","O\'Neil, Ann",ann-1\nbob,Bob,bob\n');
  const long = [`${'😀'.repeat(99)}é`, '😀'.repeat(100)].map((name) =>
    JSON.stringify({ name, users: ['bob'] }),
  );
  expect(await roles('b', `${long.join('\n')}\n`)).toEqual({ written: 2, unchanged: 0, refused: 0 });
  const exported = [
    [...exportUsers(models, 'b')].join('\n'),
    [...exportRoles(models, 'b')].join('\n'),
  ] as const;
  await users('c', exported[0]);
  await roles('c', exported[1]);
  expect([[...exportUsers(models, 'c')].join('\n'), [...exportRoles(models, 'c')].join('\n')]).toEqual(
    exported,
  );
  expect(faults).toEqual([]);
});

test('each bad line has an answer of its own, and the good lines go in', async () => {
  await run('d', { type: 'openAccount', name: 'D', features: [] });
  const long = 'y'.repeat(2_000_000);
  const lines = [
    'username,name,id',
    'ann,Ann,ann',
    'ann,Ann,ann',
    'x,"open,x',
    'x,\xff,x',
    `${long},L,l`,
    ',None,n',
    'x,y',
    'ok,Ok,ok',
  ];
  const summary = await users('d', Buffer.from(lines.join('\n'), 'latin1'));
  expect(summary).toEqual({ written: 2, unchanged: 1, refused: 5 });
  expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual(['4', '5', '6', '7', '8']);
  expect(faults.join('\n')).toMatch(/quote open/);
  expect(faults.join('\n')).toMatch(/not UTF-8/);
  expect(faults.join('\n')).toMatch(/longer than/);
});
