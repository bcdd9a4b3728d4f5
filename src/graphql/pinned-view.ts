import DataLoader from 'dataloader';
import type {
  ApiKeyRow,
  Assignment,
  AssignmentAsked,
  ChangeRow,
  Changed,
  EffectivePermissions,
  Grant,
  HistoryRow,
  IdentityRow,
  MemberFilter,
  MemberOrder,
  Membership,
  NameAsked,
  Ordinal,
  Page,
  PageRequest,
  RoleRow,
  UserRow,
  View,
} from '../../projections/view';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { HistoryNumber, PlaceInLog } from '../shared/position-codec';
import type { Position } from '../event-store/port/event-store';
import { once } from '../shared/once';
import { TURN, type Work } from '../shared/turns';
import type { AsOfInput } from './as-of';
import type { HistoryNumbers } from './entry-number';
import type { Caller } from './caller';
import { globalId, type IdType } from './global-id';
import type { ListCursors } from './list-cursors';
import type { Moment } from './moment.type';
import type { UnlinkedPerson } from './user/unlinked-identity.type';

/** The request that a view is read for, as far as reading needs it. */
export interface ViewRequest {
  readonly caller: Caller;
  readonly work: Work;
  /** The view that the request reads unless it asks for another time or position. */
  readonly now: PinnedView;
  /** The view as of another time or position; `otherwise` if none is asked for. */
  at(asOf: AsOfInput | null | undefined, otherwise?: PinnedView): Promise<PinnedView>;
  /** The view as of a moment of the log, which is at or before that of the request. */
  showing(moment: { readonly ordinal: Ordinal } | { readonly showing: Ordinal }): PinnedView;
  /** Numbers of entries of history, as clients see them in ids and cursors. */
  readonly numbers: HistoryNumbers;
  /** The last use of an API key of the account that this replica saw; null if it saw none. */
  lastUse(apiKey: string): Date | null;
  /** The last sign-in of a user of the account that this replica saw; null if it saw none. */
  lastSignIn(user: string): Date | null;
  /** Persons whom this replica refused since they are linked to no user of the account, and who still are not. */
  unlinkedPersons(): readonly UnlinkedPerson[];
  /** Cursors of lists, as clients see them. */
  readonly cursors: ListCursors;
  /** The position of an event, as clients see it. */
  encode(place: PlaceInLog): string;
  /** The same for an event of which only the position in the log is known. */
  encodePosition(position: Position): string;
}

/** Users of a role, and how many there are. */
export interface RoleUsers {
  readonly read: (
    filter: MemberFilter,
    orderBy: MemberOrder | null,
    page: PageRequest,
  ) => Promise<Page<Membership>>;
  readonly count: (filter: MemberFilter) => Promise<number | null>;
}

/** Reads of objects by their ids, null for those that the view does not have. */
type Loader<Value> = DataLoader<string, Value | null>;

/**
 * One view with the caches of its reads: everything nested in an object is read as of the same position, in batches, so
 * that a list costs as many statements as one of its items. Caches are made when they are first asked for: most requests
 * need one or none of them.
 */
export class PinnedView {
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

  /** True if it shows what there is now. */
  get isPresent(): boolean {
    return !this.isPast;
  }

  /** The view of what an object leads to: another than its own where the object alone is as it would be. */
  get others(): PinnedView {
    return this;
  }

  /** Users of a role. */
  usersOf(role: string): RoleUsers {
    return {
      read: (filter, orderBy, page) => this.view.roleUsers(role, filter, orderBy, page),
      count: (filter) => this.view.countRoleUsers(role, filter),
    };
  }

  /** The global id of an object as this view shows it. */
  globalId(type: IdType, id: string): string {
    return globalId(type, id, this.asOf?.position);
  }

  /** The moment that the view shows, in the form that lasts. */
  @once
  get shown(): Moment {
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

  @once
  get accountInfo(): ReturnType<View['accountInfo']> {
    return this.view.accountInfo();
  }

  /** True if the account has a feature enabled in this view. */
  isEnabled(feature: string): boolean {
    return this.accountInfo?.features.has(feature) ?? false;
  }

  @once
  get roles(): Loader<RoleRow> {
    return this.loader((ids) => this.view.roles(ids), 5);
  }

  @once
  get users(): Loader<UserRow> {
    return this.loader((ids) => this.view.users(ids), 2);
  }

  @once
  get grants(): Loader<readonly Grant[]> {
    return this.loader((roles) => this.view.grants(roles), 20);
  }

  /** Permissions published since custom roles were last edited. */
  @once
  get publishedSinceEdit(): Loader<readonly string[]> {
    return this.loader((roles) => this.view.publishedSinceEdit(roles), 20);
  }

  @once
  get rolesOf(): Loader<readonly string[]> {
    return this.loader((users) => this.view.rolesOf(users), 5);
  }

  @once
  get effective(): Loader<EffectivePermissions> {
    return this.loader((users) => this.view.effective(users), 20);
  }

  @once
  get userChanges(): Loader<Changed> {
    return this.loader((users) => this.view.userChanges(users), 3);
  }

  @once
  get identities(): Loader<readonly IdentityRow[]> {
    return this.loader((users) => this.view.identities(users), 4);
  }

  @once
  get apiKeysOf(): Loader<readonly ApiKeyRow[]> {
    return this.loader((users) => this.view.apiKeys(users), 20);
  }

  @once
  get assignments(): DataLoader<AssignmentAsked, Assignment | null, string> {
    return this.keyedLoader(
      (asked) => this.view.assignments(asked),
      4,
      ({ user, role }) => `${user} ${role}`,
    );
  }

  /** Entries of the history that this view shows, by their numbers. */
  @once
  get entries(): DataLoader<HistoryNumber, HistoryRow | null, string> {
    return this.keyedLoader(
      (numbers) => this.view.historyEntries(numbers),
      5,
      ({ ordinal, part }) => `${ordinal}.${part}`,
    );
  }

  /** Changes by the number of one of their entries. */
  @once
  get changes(): DataLoader<HistoryNumber, ChangeRow | null, string> {
    return this.keyedLoader(
      (numbers) => this.view.changesOfEntries(numbers),
      10,
      ({ ordinal, part }) => `${ordinal}.${part}`,
    );
  }

  /** Names of roles and users at the time of an event. */
  @once
  get namesThen(): DataLoader<NameAsked, string | null, string> {
    return this.keyedLoader(
      (asked) => this.view.namesThen(asked),
      3,
      ({ kind, id, at }) => `${kind} ${id} ${at}`,
    );
  }

  /** `rows`: work of reading one, in rows read. */
  private loader<Value>(
    read: (ids: readonly string[]) => ReadonlyMap<string, Value>,
    rows: number,
  ): Loader<Value> {
    return new DataLoader(async (ids) => {
      const found = await this.inTurn(() => read(ids), ids.length * rows);
      return ids.map((id) => found.get(id) ?? null);
    }, this.batches(rows));
  }

  /** The same for what is asked by more than an id. */
  private keyedLoader<Asked, Value>(
    read: (asked: readonly Asked[]) => readonly (Value | null)[],
    rows: number,
    cacheKeyFn: (asked: Asked) => string,
  ): DataLoader<Asked, Value | null, string> {
    return new DataLoader((asked) => this.inTurn(() => read(asked), asked.length * rows), {
      ...this.batches(rows),
      cacheKeyFn,
    });
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
