import path from 'node:path';
import { pointedAt } from '../../projections/files/model-files';
import { CatalogueSnapshots } from '../../projections/queries/catalogue-snapshots';
import { Tables } from '../../projections/queries/sql-view';
import { openReader, type Sql } from '../../projections/tables/sqlite/sql';
import { readCheckpoint } from '../../projections/tables/timeline';
import type { AsOf, PageRequest, View } from '../../projections/view';
import { progress } from '../../src/cli/progress';
import { Work } from '../../src/shared/turns';
import { inTurns, largest, sized, smallest, type Bench, type Group } from '../context';
import type { DataFolder } from '../data';
import { middleOf } from '../lists/middle';
import { pageOf, totalOf, type Filtered, type Order } from '../lists/questions';
import { filtersOf, isByName, ORDERS } from '../lists/subjects';
import { ACCOUNT } from '../population/events';
import type { Figure, Wanted } from '../report/figure';
import { median } from '../stats';

/**
 * Every list in every order and filter that it offers, in a small account and in a large one: first pages, last ones, and ones
 * from the middle; totals by themselves. Rows looked at are the same in every run; a request counts as some itself. CPU time is
 * that of this process, without what all requests have, and the mean of a row's orders and pages.
 */

type Found = Omit<Figure, 'group'>;

const FLAT: Wanted = { of: 'ratio', atMost: 1.2 };
/** Rows that take as long as all else of a request over HTTP does at the least: a millisecond, at some 2 µs each. */
const A_REQUEST = 500;
const PAGE = 20;
const PAGES = ['first', 'last', 'middle'] as const;

type Moment = 'now' | 'a minute ago' | 'long ago';

/** An account, small or large. */
interface Side {
  readonly folder: DataFolder;
  readonly filters: readonly Filtered[];
  readonly sql: Sql;
  /** A view that has read nothing yet, as each request has it. */
  view(moment: Moment, work: Work): View;
  /** Cursors of the middle, by list and order. */
  readonly middles: Map<string, Promise<string | null>>;
}

function openSide(folder: DataFolder): Side {
  const { directory, plan, ends } = folder;
  const sql = openReader(path.join(directory, pointedAt(directory)!));
  const snapshots = new CatalogueSnapshots();
  const newest = readCheckpoint(sql);
  const asOf = (moment: Moment): AsOf | null =>
    moment === 'now' ? null : { position: ends[moment === 'long ago' ? 0 : 1]! };
  const view = (moment: Moment, work: Work): View =>
    new Tables(sql, snapshots).view(ACCOUNT, asOf(moment), newest, work);
  return { folder, filters: filtersOf(plan), sql, view, middles: new Map() };
}

/** One question, to either account. */
interface Subject {
  readonly what: string;
  ask(side: number, work: Work): Promise<number | null>;
}

/** A list with a filter, at a moment, in all orders and pages; or its total. */
interface Row {
  readonly what: string;
  readonly subjects: readonly Subject[];
}

export const lists: Group = async (bench) => {
  const sides: Side[] = [];
  try {
    for (const users of [smallest(bench), largest(bench)])
      sides.push(openSide(await bench.data.folder(users, 'lists')));
    const rows = await rowsOf(sides);
    const looked: Found[] = [];
    const shown = progress('Rows that lists look at');
    for (const row of rows) {
      looked.push(await rowsLookedAt(bench, row));
      shown.update(looked.length, rows.length);
    }
    shown.finish();
    return [...looked, ...(await cpuTimes(bench, rows))];
  } finally {
    for (const { sql } of sides) sql.close();
  }
};

async function rowsOf(sides: readonly Side[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, asked] of sides[0]!.filters.entries())
    for (const moment of momentsOf(asked)) {
      const what = `${asked.what}, ${moment}`;
      const orders = ORDERS[asked.list].filter((order) => moment !== 'long ago' || isByName(order));
      const subjects: Subject[] = [];
      for (const order of orders) subjects.push(...(await pagesBy(sides, index, moment, order)));
      const ask = (side: number, work: Work): Promise<number | null> =>
        totalOf(sides[side]!.view(moment, work), sides[side]!.filters[index]!);
      rows.push({ what, subjects }, { what: `total of ${what}`, subjects: [{ what: 'total', ask }] });
    }
  return rows;
}

/** A moment before the last changes differs in the way alone that values are found: the filters that find most show that. */
function momentsOf({ list, what }: Filtered): readonly Moment[] {
  if (list === 'history') return ['now'];
  return / (all|of a user)$/.test(what) ? ['now', 'a minute ago', 'long ago'] : ['now', 'long ago'];
}

async function pagesBy(
  sides: readonly Side[],
  index: number,
  moment: Moment,
  order: Order,
): Promise<Subject[]> {
  const middles = await Promise.all(
    sides.map(({ view, filters, folder, middles: known }) => {
      const asked = filters[index]!;
      const key = JSON.stringify([asked.list, 'role' in asked ? asked.role : null, order]);
      const found = known.get(key) ?? middleOf(view('now', new Work()), asked, folder.plan, order);
      known.set(key, found);
      return found;
    }),
  );
  return PAGES.filter((page) => page !== 'middle' || middles[0] !== null).map((page) => ({
    what: `${order === null ? 'no order' : `${order.field} ${order.direction}`}, ${page} page`,
    async ask(side, work) {
      const request: PageRequest =
        page === 'last' ? { last: PAGE } : { first: PAGE, after: page === 'middle' ? middles[side]! : null };
      const { view, filters } = sides[side]!;
      return (await pageOf(view(moment, work), filters[index]!, order, request)).items.length;
    },
  }));
}

/** The order and page of a row that looks at most rows more in the large account. */
async function rowsLookedAt(bench: Bench, { what, subjects }: Row): Promise<Found> {
  let worst: { readonly ratio: number; readonly figure: Found } | null = null;
  for (const subject of subjects) {
    const found = await Promise.all(
      [0, 1].map(async (side) => {
        const work = new Work();
        return { items: await subject.ask(side, work), rows: work.rows + A_REQUEST };
      }),
    );
    const [few, many] = found as [(typeof found)[0], (typeof found)[0]];
    const ratio = many.rows / few.rows;
    if (worst && ratio <= worst.ratio) continue;
    const items =
      few.items === many.items ? '' : ` (finds ${few.items ?? 'null'} and ${many.items ?? 'null'})`;
    const of = subjects.length === 1 ? '' : `, worst of ${subjects.length}: ${subject.what}`;
    const against = {
      what: `${sized(smallest(bench))} users${of}${items}`,
      value: few.rows,
      unit: 'rows',
    } as const;
    const figure = {
      what: `${what}, ${sized(largest(bench))} users`,
      value: many.rows,
      unit: 'rows',
    } as const;
    worst = { ratio, figure: { ...figure, against, wanted: FLAT } };
  }
  return worst!.figure;
}

async function cpuTimes(bench: Bench, rows: readonly Row[]): Promise<Found[]> {
  const times = bench.quick ? 1 : 3;
  const measured = rows.flatMap(({ subjects }) =>
    [0, 1].map((side) => ({
      async measure() {
        const before = process.cpuUsage();
        for (let n = 0; n < times; n += 1)
          for (const subject of subjects) await subject.ask(side, new Work());
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000 / (times * subjects.length);
      },
    })),
  );
  const spent = (await inTurns('lists', bench.rounds, measured)).map(median);
  return rows.map(({ what }, index): Found => {
    const [few, many] = [spent[2 * index]!, spent[2 * index + 1]!];
    const against = { what: `${sized(smallest(bench))} users`, value: few, unit: 'ms' } as const;
    return { what: `CPU of ${what}, ${sized(largest(bench))} users`, value: many, unit: 'ms', against };
  });
}
