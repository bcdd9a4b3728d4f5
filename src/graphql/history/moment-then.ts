import { ordinalFrom, type HistoryRow, type NameAsked } from '../../../projections/view';
import type { PinnedView } from '../pinned-view';

/** The first moment that shows an event. What an entry says of roles and users is as of it, whatever view lists it. */
export class MomentThen {
  private sealed: string | undefined;

  private readonly shown: HistoryRow['shown'];

  constructor(
    private readonly entry: Pick<HistoryRow, 'ordinal' | 'shown'>,
    private readonly view: PinnedView,
  ) {
    this.shown = entry.shown;
  }

  /** The last view that does not show anything of what was recorded with the event. */
  get before(): PinnedView {
    return this.view.request.showing({ ordinal: ordinalFrom(this.entry.ordinal, -1) });
  }

  /** The first view that shows it, with all that was recorded at once. */
  get after(): PinnedView {
    return this.view.request.showing({ showing: this.entry.ordinal });
  }

  get position(): string {
    return (this.sealed ??= this.view.request.encode(this.shown));
  }

  nameOf(kind: NameAsked['kind'], id: string): Promise<string | null> {
    return this.view.namesThen.load({ kind, id, at: this.shown.ordinal });
  }
}
