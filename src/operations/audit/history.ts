import { historyCursorBehind } from '../../../projections';
import type {
  HistoryFilter,
  HistoryRow,
  NameAsked,
  Ordinal,
  Page,
  ReadModels,
  View,
} from '../../../projections/view';
import { forked, PositionError, type NamedEvent } from '../../shared/position-codec';

/** The whole history of an account, in the order of the log, page by page: nothing of it is held. */

/** Entries of a page. */
const PAGE = 500;

/** Names of that time; null where there is none. */
export interface EntryNames {
  readonly actor: string | null;
  readonly role: string | null;
  readonly user: string | null;
}

export interface NamedEntry {
  readonly row: HistoryRow;
  readonly names: EntryNames;
}

export interface HistoryExport extends Pick<HistoryFilter, 'since' | 'until'> {
  /** Entries of events behind this one; null: from the first one. */
  readonly after: Ordinal | null;
}

/** Entries, oldest first, up to the present of the view. Those of one event never begin in one page and end in another export. */
export async function* exportHistory(
  view: View,
  { after, since, until }: HistoryExport,
): AsyncGenerator<readonly NamedEntry[]> {
  let before = after === null ? null : historyCursorBehind(after);
  for (let more = true; more;) {
    const page: Page<HistoryRow> = await view.history({ since, until }, { last: PAGE, before });
    const rows = page.items.map(({ item }) => item).reverse();
    before = page.items[0]?.cursor ?? null;
    more = page.hasMore;
    yield named(view, rows);
  }
}

function named(view: View, rows: readonly HistoryRow[]): NamedEntry[] {
  const asked = rows.flatMap(({ actor, role, user, shown: { ordinal: at } }): (NameAsked | null)[] => [
    actor?.type === 'user' ? { kind: 'user', id: actor.id, at } : null,
    role === null ? null : { kind: 'role', id: role, at },
    user === null ? null : { kind: 'user', id: user, at },
  ]);
  const found = view.namesThen(asked.filter((each) => each !== null)).values();
  const names = asked.map((each) => (each === null ? null : (found.next().value ?? null)));
  return rows.map((row, index) => {
    const [actor = null, role = null, user = null] = names.slice(3 * index);
    return { row, names: { actor, role, user } };
  });
}

/** The ordinal of the event that a text names. @throws PositionError for one that the tables do not hold */
export function ordinalNamed(
  tables: Pick<ReadModels, 'findPlace'>,
  named: NamedEvent,
  account: string,
): Ordinal {
  const place = tables.findPlace(
    named.form === 'event'
      ? { event: named.id, account }
      : named.form === 'durable'
        ? (named.ordinal as Ordinal)
        : named.position,
  );
  if (!place) throw new PositionError('POSITION_NOT_REACHED', 'The tables hold no event of that position.');
  if (named.form === 'durable' && !named.fits(place)) throw forked();
  return place.ordinal;
}
