import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import ts from 'typescript';
import { PROJECTIONS_VERSION, QUERY_INDEXES, TABLES, versionOf } from '../../projections/tables/schema';

/** `tables/rows.ts` says what the tables hold: compared column by column with those that are made. */

const FILE = join(__dirname, '../../projections/tables/rows.ts');
const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest);
const interfaces = new Map(
  source.statements.filter(ts.isInterfaceDeclaration).map((declared) => [declared.name.text, declared]),
);

/** Types of the properties of an interface, those that it extends included, by name. */
function propertiesOf(name: string): Map<string, string> {
  const { heritageClauses = [], members } = interfaces.get(name)!;
  const inherited = heritageClauses
    .flatMap(({ types }) => [...types])
    .flatMap(({ expression }) => [...propertiesOf(expression.getText(source))]);
  const own = members
    .filter(ts.isPropertySignature)
    .map((property): [string, string] => [property.name.getText(source), property.type!.getText(source)]);
  return new Map([...inherited, ...own]);
}

const STORED: Readonly<Record<string, string>> = {
  string: 'TEXT',
  number: 'INTEGER',
  bigint: 'INTEGER',
  Flag: 'INTEGER',
  Activity: 'INTEGER',
  Ordinal: 'INTEGER',
  AccountNumber: 'INTEGER',
  RoleNumber: 'INTEGER',
  UserNumber: 'INTEGER',
  WordNumber: 'INTEGER',
  Uint8Array: 'BLOB',
};

/** Columns as SQLite tells them: `INTEGER`, or `INTEGER?` where it may be null. */
const declaredColumns = (row: string): Record<string, string> =>
  Object.fromEntries(
    [...propertiesOf(row)].map(([name, type]) => {
      const [plain, nothing] = type.split(' | ');
      return [name, `${STORED[plain!]}${nothing === 'null' ? '?' : ''}`];
    }),
  );

const database = new DatabaseSync(':memory:');
database.exec(TABLES);
afterAll(() => database.close());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}
const columnsOf = (table: string): Record<string, string> =>
  Object.fromEntries(
    (database.prepare(`PRAGMA table_info(${table})`).all() as unknown as Column[]).map(
      ({ name, type, notnull, pk }) => [name, `${type}${notnull || pk ? '' : '?'}`],
    ),
  );

const tables = propertiesOf('Rows');

test('every table has a row', () => {
  const made = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%_search%'`)
    .all() as unknown as { name: string }[];
  expect([...tables.keys()].sort()).toEqual(made.map(({ name }) => name).sort());
});

test.each([...tables])('the columns of %s are those of its row', (table, row) => {
  expect(declaredColumns(row)).toEqual(columnsOf(table));
});

test('other tables or indexes are another version, so that old files are built anew; other comments are none', () => {
  expect(versionOf(`-- Other words.\n${TABLES}`, QUERY_INDEXES)).toBe(PROJECTIONS_VERSION);
  const wider = TABLES.replace('description TEXT', 'description TEXT, colour TEXT');
  expect(wider).not.toBe(TABLES);
  const others = [versionOf(wider, QUERY_INDEXES), versionOf(TABLES, QUERY_INDEXES.slice(1))];
  expect(new Set([PROJECTIONS_VERSION, ...others]).size).toBe(3);
});
