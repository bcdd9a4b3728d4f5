import DataLoader from 'dataloader';
import type {
  Assignment,
  AssignmentAsked,
  Changed,
  EffectivePermissions,
  Grant,
  HistoryRow,
  NameAsked,
  RoleRow,
  UserRow,
  View,
} from '../../projections/view';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { HistoryNumber, PlaceInLog } from '../shared/position-codec';
import type { Position } from '../event-store/port/event-store';
import { TURN, type Work } from '../shared/turns';
import type { AsOfInput } from './as-of';
import type { HistoryNumbers } from './entry-number';
import type { Caller } from './caller';
import { globalId, type IdType } from './global-id';
import type { Moment } from './moment.type';

/** The request that a view is read for, as far as reading needs it. */
export interface ViewRequest {
  readonly caller: Caller;
  readonly work: Work;
  /** The view that the request reads unless it asks for another time or position. */
  readonly now: PinnedView;
  /** The view as of another time or position; `otherwise` if none is asked for. */
  at(asOf: AsOfInput | null | undefined, otherwise?: PinnedView): Promise<PinnedView>;
  /** Numbers of entries of history, as clients see them in ids and cursors. */
  readonly numbers: HistoryNumbers;
  /** The position of an event, as clients see it. */
  encode(place: PlaceInLog): string;
  /** The same for an event of which only the position in the log is known. */
  encodePosition(position: Position): string;
}

/**
 * One view with the caches of its reads: everything nested in an object is read as of the same position, in batches, so
 * that a list costs as many statements as one of its items.
 */
export class PinnedView {
  private account: ReturnType<View['accountInfo']> | undefined;

  private pinnedAt: Moment | undefined;

  /** `isPast`: true if the view was asked for by a time or a position, even by that of the newest event. */
  constructor(
    readonly view: View,
    readonly request: ViewRequest,
    private readonly isPast = false,
  ) {}

  /** The moment of the past that the view shows, in the form that lasts; null for the present. */
  get asOf(): Moment | null {
    return this.isPast ? this.shown : null;
  }

  /** The global id of an object as this view shows it. */
  globalId(type: IdType, id: string): string {
    return globalId(type, id, this.asOf?.position);
  }

  /** The moment that the view shows, in the form that lasts. */
  get shown(): Moment {
    return (this.pinnedAt ??= this.moment());
  }

  private moment(): Moment {
    const { ordinal, position, time } = this.view.pin;
    const began = time ?? new Date(0);
    return {
      position: this.request.encode({ ordinal, position: position ?? 0n, time: began.getTime() }),
      time: began,
    };
  }

  get catalogue(): Catalogue {
    return this.view.catalogue();
  }

  get accountInfo(): NonNullable<ReturnType<View['accountInfo']>> | null {
    if (this.account === undefined) this.account = this.view.accountInfo();
    return this.account;
  }

  /** True if the account has a feature enabled in this view. */
  isEnabled(feature: string): boolean {
    return this.accountInfo?.features.has(feature) ?? false;
  }

  readonly roles = this.loader<RoleRow>((ids) => this.view.roles(ids), 5);
  readonly users = this.loader<UserRow>((ids) => this.view.users(ids), 2);
  readonly grants = this.loader<readonly Grant[]>((roles) => this.view.grants(roles), 20);
  readonly rolesOf = this.loader<readonly string[]>((users) => this.view.rolesOf(users), 5);

  readonly effective = this.loader<EffectivePermissions>((users) => this.view.effective(users), 20);
  readonly userChanges = this.loader<Changed>((users) => this.view.userChanges(users), 3);
  readonly assignments = new DataLoader<AssignmentAsked, Assignment | null, string>(
    (asked) => this.inTurn(() => this.view.assignments(asked), asked.length * 4),
    { ...this.batches(4), cacheKeyFn: ({ user, role }) => `${user} ${role}` },
  );
  /** Entries of the history that this view shows, by their numbers. */
  readonly entries = new DataLoader<HistoryNumber, HistoryRow | null, string>(
    (numbers) => this.inTurn(() => this.view.historyEntries(numbers), numbers.length * 5),
    { ...this.batches(5), cacheKeyFn: ({ ordinal, part }) => `${ordinal}.${part}` },
  );
  /** Names of roles and users at the time of an event. */
  readonly namesThen = new DataLoader<NameAsked, string | null, string>(
    (asked) => this.inTurn(() => this.view.namesThen(asked), asked.length * 3),
    { ...this.batches(3), cacheKeyFn: ({ kind, id, at }) => `${kind} ${id} ${at}` },
  );

  /** `rows`: work of reading one, in rows read. */
  private loader<Value>(
    read: (ids: readonly string[]) => ReadonlyMap<string, Value>,
    rows: number,
  ): DataLoader<string, Value | null> {
    return new DataLoader(async (ids) => {
      const found = await this.inTurn(() => read(ids), ids.length * rows);
      return ids.map((id) => found.get(id) ?? null);
    }, this.batches(rows));
  }

  /** Limits a batch to what fits in a turn. Reads of a list that was cut into turns are batched over these turns. */
  private batches(rows: number): { maxBatchSize: number; batchScheduleFn: (callback: () => void) => void } {
    return {
      maxBatchSize: Math.floor(TURN / rows),
      batchScheduleFn: (callback) => this.request.work.whenIdle(callback),
    };
  }

  private async inTurn<Found>(read: () => Found, rows: number): Promise<Found> {
    const { work } = this.request;
    await work.before(rows);
    return read();
  }
}
