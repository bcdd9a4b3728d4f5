import type { HistoryFilter, View } from '../../projections/view';
import { grouped } from '../../src/shared/grouped';
import { everyPage } from '../projections/paging';
import type { NaiveAccount } from './naive-model';
import { linesOf, naiveLines, type NaiveEntry } from './naive-history';

/** History with all that was recorded at once as one change, as it is grouped from the whole log. */

/** Changes of a list whose entries are read. */
const READ = 20;

type Asked = readonly [filter: HistoryFilter, fits: (entry: NaiveEntry) => boolean];

const aboutPermission = (permission: string): Asked => [
  { permission },
  ({ about }) => about.includes(permission),
];

/** All changes, and those of a role, of a permission and of a type of event: each with all of its entries. */
export async function compareChanges(view: View, { history, custom }: NaiveAccount): Promise<void> {
  const whole = grouped(history, ({ append }) => append);
  const appends = [...whole.keys()];
  const permission = history.findLast(({ about }) => about.length > 0)?.about[0];
  const wanted: Asked[] = [
    [{}, () => true],
    [{ types: ['UserAssigned', 'CataloguePublished'] }, ({ type }) => /^UserAssigned|^Cat/.test(type)],
    ...[...custom.keys()].slice(0, 1).map((role): Asked => [{ role }, (entry) => entry.role === role]),
    ...(permission === undefined ? [] : [aboutPermission(permission)]),
  ];
  for (const [filter, fits] of wanted) {
    const found = await everyPage(17, (page) => view.changes(filter, page));
    const expected = appends.filter((append) => whole.get(append)!.some(fits)).toReversed();
    expect(await view.countChanges(filter)).toBe(expected.length);
    expect(found).toHaveLength(expected.length);
    for (const [index, change] of found.slice(0, READ).entries()) {
      const entries = whole.get(expected[index]!)!;
      const rows = await view.changeEntries(change);
      expect(linesOf(rows.toReversed())).toEqual(naiveLines(entries));
      const { entry, others } = change;
      const types = [entry.type, ...[...others].flatMap(([type, count]) => Array<string>(count).fill(type))];
      expect(types.sort()).toEqual(entries.map(({ type }) => type).sort());
      expect(entry).toEqual(rows[0]);
    }
  }
}
