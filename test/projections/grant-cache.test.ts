import { DatabaseSync } from '@photostructure/sqlite';
import type { AccountNumber, Ordinal, RoleNumber } from '../../projections/numbers';
import { GrantCache } from '../../projections/queries/grant-cache';
import type { RoleGrants } from '../../projections/tables/grants';
import { OPEN, TABLES } from '../../projections/tables/schema';
import { Sql } from '../../projections/tables/sqlite/sql';

/** Grants of custom roles that checks ask for over and over: bounded, and each text there once. */

const ACCOUNT = 1 as AccountNumber;
const PERMISSIONS = ['flows/edit', 'flows/view', 'people/view'];
const SCOPES = ['["flow:manage","flow:read"]', '[]'];

/** Tables of so many roles, numbered from 1, that grant all of `PERMISSIONS`. */
function tables(roles: number): Sql {
  const sql = new Sql(new DatabaseSync(':memory:'));
  sql.exec(TABLES);
  for (const text of [...PERMISSIONS, ...SCOPES]) sql.run('INSERT INTO word (text) VALUES (?)', text);
  const word = (text: string): number => sql.get<{ n: number }>('SELECT n FROM word WHERE text = ?', text)!.n;
  for (let role = 1; role <= roles; role += 1) {
    sql.run('INSERT INTO role_count VALUES (?, ?, 1, 0, 3, 2, 1)', ACCOUNT, role);
    PERMISSIONS.forEach((permission, n) =>
      sql.run(
        'INSERT INTO grant_fact (account, role, permission, valid_from, valid_to, scopes) VALUES (?, ?, ?, 1, ?, ?)',
        ACCOUNT,
        role,
        word(permission),
        OPEN,
        word(SCOPES[n % SCOPES.length]!),
      ),
    );
  }
  return sql;
}

const open: Sql[] = [];
afterEach(() => open.splice(0).forEach((sql) => sql.close()));

/** Grants that are at hand, and which of the roles asked for had to be read. */
function atHand(roles: number, kept?: number) {
  const sql = tables(roles);
  open.push(sql);
  const all = jest.spyOn(sql, 'all');
  const grants = kept === undefined ? new GrantCache() : new GrantCache(kept);
  const askAt = (at: number, ...wanted: number[]) => {
    all.mockClear();
    const found: ReadonlyMap<number, RoleGrants> = grants.of(
      { sql, account: ACCOUNT, at: at as Ordinal },
      wanted as RoleNumber[],
    );
    const reads = all.mock.calls.filter(([text]) => text.includes('grant_fact'));
    return { found, read: reads.flatMap(([, list]) => JSON.parse(String(list)) as number[]) };
  };
  return { sql, askAt, ask: (...wanted: number[]) => askAt(5, ...wanted) };
}

test('what was read is at hand until the role changes', () => {
  const { sql, ask } = atHand(2);
  expect(ask(1, 2).read).toEqual([1, 2]);
  expect(ask(1, 2).read).toEqual([]);
  sql.run('UPDATE grant_fact SET valid_to = 3 WHERE role = 2 AND permission = 1');
  sql.run('INSERT INTO role_count VALUES (?, 2, 3, 0, 2, 1, 2)', ACCOUNT);
  const { found, read } = ask(1, 2);
  expect(read).toEqual([2]);
  expect([...found.get(1)!.keys()].sort()).toEqual(PERMISSIONS);
  expect([...found.get(2)!.keys()].sort()).toEqual(['flows/view', 'people/view']);
});

test('what a change supersedes is kept no longer, and what is asked of the past is beside the present', () => {
  const { sql, ask, askAt } = atHand(1);
  expect([askAt(2, 1).read, askAt(2, 1).read]).toEqual([[1], []]);
  sql.run('UPDATE grant_fact SET valid_to = 3 WHERE permission = 1');
  sql.run('INSERT INTO role_count VALUES (?, 1, 3, 0, 2, 1, 2)', ACCOUNT);
  expect([ask(1).read, askAt(2, 1).read]).toEqual([[1], [1]]);
  const [now, then] = [ask(1), askAt(2, 1)];
  expect([now.read, then.read]).toEqual([[], []]);
  expect([now.found.get(1)!.size, then.found.get(1)!.size]).toEqual([2, 3]);
});

test('what is kept is bounded by grants, and roles without any count too: what was not used longest is read again', () => {
  const { sql, ask } = atHand(3, 30);
  expect([ask(1).read, ask(2).read, ask(1).read, ask(3).read]).toEqual([[1], [2], [], [3]]);
  expect([ask(1).read, ask(3).read, ask(2).read]).toEqual([[], [], [2]]);
  for (let role = 11; role <= 20; role += 1)
    sql.run('INSERT INTO role_count VALUES (?, ?, 1, 0, 0, 0, 1)', ACCOUNT, role);
  for (let role = 11; role <= 20; role += 1) expect(ask(role).read).toEqual([role]);
  expect([ask(20).read, ask(11).read]).toEqual([[], [11]]);
});

test('roles share the texts of what they grant', () => {
  const { ask } = atHand(2);
  const first = ask(1).found.get(1)!;
  const second = ask(2).found.get(2)!;
  expect(second).toEqual(first);
  expect(second.get('flows/edit')).toEqual(['flow:manage', 'flow:read']);
  for (const permission of PERMISSIONS) expect(second.get(permission)).toBe(first.get(permission));
});
