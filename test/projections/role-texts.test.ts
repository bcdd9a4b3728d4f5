import type { AccountNumber } from '../../projections/numbers';
import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import { rowidOf } from '../../projections/tables/search/trigrams';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

/** The index of what custom roles were called and described as. */

const CHANGES = 300;
const describing = (n: number): string => `Desk ${n} of the ${n % 2 ? 'quokka' : 'wombat'}`;

const models = new Models();
afterAll(() => models.cleanUp());

test('an index of texts takes rowids as integers, whatever the account: floats bound nothing in it', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  const { sql } = (await models.current(log.store)).tables();
  for (const account of [1, 2, 1_000_000] as AccountNumber[]) {
    const rowid = rowidOf(account, 7);
    expect(sql.get('SELECT typeof(?) AS type, ? - ? AS n', rowid, rowid, rowidOf(account, 0))).toEqual({
      type: 'integer',
      n: 7,
    });
    expect(rowidOf(account, 2 ** 32 - 1)).toBeLessThan(rowidOf((account + 1) as AccountNumber, 0));
  }
});

test('a change of a text is one entry, however many the role had, and a deletion none', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.role('other', ['RoleCreated', { name: 'Other', description: null, copiedFrom: null }]);
  await log.role('desk', ['RoleCreated', { name: 'Desk', description: describing(0), copiedFrom: null }]);
  const moments: { readonly position: bigint }[] = [];
  for (let n = 1; n <= CHANGES; n += 1) {
    if (n % 100 === 0) moments.push({ position: (await log.store.head())!.position });
    const change = { from: describing(n - 1), to: describing(n) };
    await log.role('desk', ['RoleDescriptionChanged', change]);
  }
  const beforeDeletion = { position: (await log.store.head())!.position };
  await log.role('desk', ['RoleDeleted', { name: 'Desk' }]);
  const { sql } = (await models.current(log.store)).tables();
  // One for each role that was made, and one for each change.
  expect(sql.get('SELECT count(*) AS n FROM role_search')).toEqual({ n: 2 + CHANGES });

  const tables = new Tables(sql, new CatalogueSnapshots());
  const found = async (search: string, asOf: { readonly position: bigint } | null): Promise<number> => {
    const { items } = await tables.view(ACCOUNT, asOf, null).roleList({ search }, null, { first: 5 });
    return items.length;
  };
  for (const [index, moment] of moments.entries()) {
    const last = (index + 1) * 100 - 1;
    expect(await found(describing(last), moment)).toBe(1);
    expect(await found(describing(last - 1), moment)).toBe(0);
    expect(await found(describing(last + 1), moment)).toBe(0);
    // More texts than are collected.
    expect(await found('Desk', moment)).toBe(1);
  }
  expect(await found(describing(CHANGES), beforeDeletion)).toBe(1);
  expect(await found(describing(CHANGES), null)).toBe(0);
});
