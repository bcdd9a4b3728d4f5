import { existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openReadOnly } from '../../../projections';
import type { ExportedTable } from '../../../projections/interval-rows';
import type { Place } from '../../../projections/view';
import type { Command } from '../../../src/commands/command';
import {
  exportTables,
  type TablesEvents,
  type TablesSource,
} from '../../../src/operations/tables/export-tables';
import {
  TablesExportError,
  type TablesManifest,
  type TablesWanted,
} from '../../../src/operations/tables/manifest';
import { newDirectory, removeDirectory } from '../../directories';
import { Transfer } from '../transfer';

/** Files of exported tables: their form, runs that were ended, and what they must not be made of. */

const ACCOUNT = 'acme';
const ALL: readonly ExportedTable[] = [
  ...(['memberships', 'grants', 'roles', 'users', 'features', 'permissions'] as const),
  ...(['accountSizes', 'roleSizes'] as const),
];
const transfer = new Transfer();
const folders: string[] = [];
let readModels: ReturnType<typeof openReadOnly>;
let source: TablesSource;

beforeAll(async () => {
  await transfer.open();
  await transfer.account(ACCOUNT);
  const people = Array.from({ length: 40 }, (_, n) => `user${n},"Name ""${n}"", the ${n}th",u${n}`);
  await transfer.users(ACCOUNT, ['username,name,id', ...people].join('\n'));
  const roles = Array.from({ length: 12 }, (_, n) =>
    JSON.stringify({
      name: `Role ${n}`,
      grants: [{ permission: 'logs/view', scopes: ['sms:logs:read', 'email:logs:read'] }],
      users: [`user${n}`, `user${n + 1}`],
    }),
  );
  await transfer.roles(ACCOUNT, [...roles, '{"key":"account-admin","users":["user0"]}'].join('\n'));
  await change({ type: 'enableFeature', feature: 'FLOW' });
  await change({ type: 'disableFeature', feature: 'FLOW' });
  expect(transfer.faults).toEqual([]);
  readModels = openReadOnly(transfer.directory);
  source = {
    readModels,
    encode: ({ ordinal }) => `p${ordinal}`,
    find: async (position) => readModels.findPlace(Number(position.slice(1)) as Place['ordinal'])!,
  };
});
afterAll(async () => {
  readModels.close();
  await transfer.close();
  folders.forEach(removeDirectory);
});

async function change(command: Command): Promise<void> {
  const { position } = await transfer.run(ACCOUNT, command);
  expect(await transfer.models.waitFor(position!, 5_000)).toBe(true);
}

const newFolder = (): string => {
  const folder = newDirectory();
  folders.push(folder);
  return folder;
};
const wanted = (more: Partial<TablesWanted> = {}): TablesWanted => ({
  ...{ account: ACCOUNT, files: 'csv', tables: ALL, since: null, until: null, role: null, user: null },
  ...more,
});
const into = (
  folder: string,
  more: Partial<TablesWanted> = {},
  events: TablesEvents = {},
): Promise<TablesManifest> => exportTables(source, folder, wanted(more), events);
const textOf = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8');
const linesOf = (folder: string, file: string): string[] => textOf(folder, file).trimEnd().split('\n');

test('files have a header and a row for each fact, in both forms alike', async () => {
  const [csv, ndjson] = [newFolder(), newFolder()];
  const { tables } = await into(csv);
  await into(ndjson, { files: 'ndjson' });
  expect(tables.map(({ table, whole }) => [table, whole])).toEqual(ALL.map((table) => [table, true]));
  const [header, first] = linesOf(csv, 'users.csv');
  expect(header).toBe(
    'user,kind,status,username,name,externalId,from,to,fromPosition,toPosition,fromEvent,toEvent',
  );
  expect(first).toMatch(
    /^u0,PERSON,ACTIVE,user0,"Name ""0"", the 0th",,\d{4}-\d\d-\d\dT[\d:.]+Z,,p\d+,,[0-9a-f-]{36},$/,
  );
  expect(JSON.parse(linesOf(ndjson, 'users.ndjson')[0]!)).toMatchObject({
    ...{ user: 'u0', name: 'Name "0", the 0th', externalId: null, to: null, toEvent: null },
  });
  expect(linesOf(csv, 'grants.csv').find((line) => line.includes('CUSTOM'))).toContain(
    ',logs/view,sms:logs:read email:logs:read,',
  );
  expect(linesOf(csv, 'features.csv').find((line) => line.startsWith('FLOW,'))).toMatch(
    /^FLOW,[^,]+Z,[^,]+Z,p\d+,p\d+,/,
  );
  for (const { table, rows } of tables) {
    expect([table, linesOf(csv, `${table}.csv`).length]).toEqual([table, rows + 1]);
    expect([table, linesOf(ndjson, `${table}.ndjson`).length]).toEqual([table, rows]);
  }
  expect(linesOf(csv, 'accountSizes.csv')[1]).toMatch(/^\d{4}-\d\d-\d\d,40,0,0,12,p\d+,/);
});

test('a run that was ended anywhere goes on to the same bytes', async () => {
  const whole = newFolder();
  await into(whole);
  let batches = 0;
  await into(newFolder(), {}, { batch: 7, onRows: () => (batches += 1) });
  expect(batches).toBeGreaterThan(30);
  for (let ends = 1; ends < batches; ends += 5) {
    const folder = newFolder();
    let left = ends;
    const end = (): void => {
      if ((left -= 1) === 0) throw new Error('ended');
    };
    await expect(into(folder, {}, { batch: 7, onRows: end })).rejects.toThrow('ended');
    // More than the manifest tells of, as after a stop between the two.
    const { tables } = JSON.parse(textOf(folder, 'export.json')) as TablesManifest;
    const open = tables.find((each) => !each.whole);
    const part = path.join(folder, `${open?.file}.part`);
    if (open && existsSync(part)) writeFileSync(part, `${readFileSync(part, 'utf8')}half a li`);
    await into(folder, {}, { batch: 7 });
    for (const table of ALL)
      expect([ends, textOf(folder, `${table}.csv`)]).toEqual([ends, textOf(whole, `${table}.csv`)]);
  }
});

test('a file that was placed, and the manifest does not say so, is whole', async () => {
  const [folder, whole] = [newFolder(), newFolder()];
  await into(whole, { tables: ['users', 'roles'] });
  await into(folder, { tables: ['users', 'roles'] });
  const manifest = JSON.parse(textOf(folder, 'export.json')) as TablesManifest;
  manifest.tables[0]!.whole = false;
  writeFileSync(path.join(folder, 'export.json'), JSON.stringify(manifest));
  await into(folder, { tables: ['users', 'roles'] });
  expect(textOf(folder, 'users.csv')).toBe(textOf(whole, 'users.csv'));
});

test('what is asked for narrows what is told, and later changes are not in it', async () => {
  const folder = newFolder();
  const { time } = await into(newFolder());
  await change({ type: 'assignUsers', role: 'account-admin', userIds: ['u9'] });
  const until = new Date(time);
  await into(folder, { tables: ['memberships', 'roles', 'users'], role: 'account-admin', user: 'u0', until });
  expect(linesOf(folder, 'memberships.csv').slice(1)).toEqual([expect.stringMatching(/^account-admin,u0,/)]);
  expect(linesOf(folder, 'roles.csv').slice(1)).toEqual([expect.stringMatching(/^account-admin,DEFAULT,/)]);
  expect(linesOf(folder, 'users.csv').slice(1)).toEqual([expect.stringMatching(/^u0,/)]);
  const ended = newFolder();
  await into(ended, { tables: ['features'], since: new Date() });
  expect(linesOf(ended, 'features.csv').some((line) => line.startsWith('FLOW,'))).toBe(false);
  const nobody = newFolder();
  await into(nobody, { tables: ['memberships'], user: 'nobody' });
  expect(linesOf(nobody, 'memberships.csv')).toHaveLength(1);
});

test('a folder of another export, of a whole one, or one that was changed, is refused', async () => {
  const folder = newFolder();
  const end = (): never => {
    throw new Error('ended');
  };
  await expect(into(folder, {}, { batch: 7, onRows: end })).rejects.toThrow('ended');
  for (const more of [{ files: 'ndjson' }, { role: 'account-admin' }, { tables: ['users'] }] as const)
    await expect(into(folder, more)).rejects.toThrow(/asked for otherwise/);
  truncateSync(path.join(folder, 'memberships.csv.part'), 3);
  await expect(into(folder)).rejects.toThrow(/not as it was left/);
  const whole = newFolder();
  await into(whole);
  await expect(into(whole)).rejects.toThrow(/is whole/);
  const strange = newFolder();
  writeFileSync(path.join(strange, 'export.json'), '{"format":2}');
  await expect(into(strange)).rejects.toThrow(TablesExportError);
  const blocked = path.join(newFolder(), 'file');
  mkdirSync(blocked);
  renameSync(path.join(whole, 'users.csv'), path.join(blocked, 'export.json'));
  await expect(into(blocked)).rejects.toThrow(TablesExportError);
});

test('names of a user who is erased meanwhile are in no file', async () => {
  const folder = newFolder();
  const end = (table: string): void => {
    if (table === 'features') throw new Error('ended');
  };
  await expect(into(folder, {}, { onRows: end })).rejects.toThrow('ended');
  expect(textOf(folder, 'users.csv')).toContain('user39');
  await change({ type: 'eraseUser', user: 'u39' });
  await expect(into(folder)).rejects.toThrow(TablesExportError);
  expect(existsSync(path.join(folder, 'users.csv'))).toBe(false);
  const again = newFolder();
  await into(again);
  expect(textOf(again, 'users.csv')).not.toContain('user39');
  expect(textOf(again, 'users.csv')).toMatch(/^u39,PERSON,ERASED,,,,/m);
});
