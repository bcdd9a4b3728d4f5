import type { HistoryRow, NameAsked } from '../../../projections/view';
import type { PinnedView } from '../pinned-view';

/** The first moment that shows an event. What an entry says of roles and users is as of it, whatever view lists it. */
export class MomentThen {
  private sealed: string | undefined;

  constructor(
    private readonly shown: HistoryRow['shown'],
    private readonly view: PinnedView,
  ) {}

  get position(): string {
    return (this.sealed ??= this.view.request.encode(this.shown));
  }

  nameOf(kind: NameAsked['kind'], id: string): Promise<string | null> {
    return this.view.namesThen.load({ kind, id, at: this.shown.ordinal });
  }
}
