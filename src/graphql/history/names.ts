import DataLoader from 'dataloader';
import type { HistoryRow } from '../../../projections/view';
import type { Moment } from '../moment';

/** Most renames that are read at once, to know what something was called before them. */
const MAX_RENAMES = 200;
/** The time line may run ahead of one event’s own time by as much as clocks are allowed to differ. */
const CLOCK_MARGIN_MS = 10_000;

interface Rename {
  readonly ordinal: number;
  readonly id: string;
  readonly from: string;
}

/**
 * What roles and users were called when an entry of a page was recorded: what they are called at the page’s moment,
 * less the renames since. These are few, so a page reads them in one statement; where they are not, one by one.
 */
export class NamesThen {
  private renames: readonly Rename[] | null | undefined;
  private readonly each: DataLoader<string, readonly Rename[]>;

  constructor(
    private readonly moment: Moment,
    private readonly rows: readonly HistoryRow[],
  ) {
    this.each = new DataLoader((keys) => Promise.resolve(keys.map((key) => this.renamesOf(key))));
  }

  async role(id: string, ordinal: number): Promise<string | null> {
    const inCatalogue = this.moment.catalogue.defaultRole.has(id) ? await this.nameOfDefault(id) : null;
    if (inCatalogue !== null) return inCatalogue;
    return (await this.before(`role ${id}`, id, ordinal)) ?? (await this.moment.roles.load(id))?.name ?? null;
  }

  async user(id: string, ordinal: number): Promise<string | null> {
    return (await this.before(`user ${id}`, id, ordinal)) ?? (await this.moment.users.load(id))?.name ?? null;
  }

  /** The name that the first rename after an entry took away. */
  private async before(key: string, id: string, ordinal: number): Promise<string | undefined> {
    if (this.renames === undefined) this.renames = this.renamesSince();
    const renames = this.renames ?? (await this.each.load(key));
    return renames.findLast((rename) => rename.id === id && rename.ordinal > ordinal)?.from;
  }

  /** Default roles are renamed by publications alone; the oldest entry’s catalogue tells whether there was one. */
  private async nameOfDefault(id: string): Promise<string | null> {
    const oldest = this.rows.at(-1);
    const now = this.moment.catalogue;
    const then = oldest ? (await this.moment.request.atPosition(oldest.position)).catalogue : now;
    return (then.defaultRole.get(id) ?? now.defaultRole.get(id))?.name ?? null;
  }

  /** All renames since the oldest entry, newest first; null where they are too many. */
  private renamesSince(): readonly Rename[] | null {
    const oldest = this.rows.reduce(
      (least, { at }) => Math.min(least, at.getTime()),
      Number.MAX_SAFE_INTEGER,
    );
    const { items, hasNextPage } = this.moment.view.history(
      { types: ['RoleRenamed', 'UserProfileChanged'], since: new Date(oldest - CLOCK_MARGIN_MS) },
      { first: MAX_RENAMES },
    );
    return hasNextPage ? null : items.map(({ item }) => asRename(item));
  }

  private renamesOf(key: string): readonly Rename[] {
    const [kind, id = ''] = key.split(' ');
    const filter =
      kind === 'role' ? { role: id, types: ['RoleRenamed'] } : { user: id, types: ['UserProfileChanged'] };
    return this.moment.view.history(filter, { first: MAX_RENAMES }).items.map(({ item }) => asRename(item));
  }
}

const asRename = ({ ordinal, type, role, user, data }: HistoryRow): Rename => ({
  ordinal,
  id: (type === 'RoleRenamed' ? role : user) ?? '',
  from: type === 'RoleRenamed' ? String(data.from) : (data.from as { name: string }).name,
});
