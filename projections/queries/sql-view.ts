import { LRUCache } from 'lru-cache';
import type { Catalogue, CatalogueContent } from '../../src/domain/catalogue/catalogue';
import type { ExternalIdentity } from '../../src/domain/user/events';
import type { HistoryNumber } from '../../src/shared/position-codec';
import { Work } from '../../src/shared/turns';
import type { Ordinal } from '../numbers';
import { accountName, accountNumber } from '../tables/accounts';
import { UNKNOWN_ACCOUNT } from '../tables/schema';
import { identitiesOf, userIdsByIdentity } from '../tables/sign-in/identities';
import type { Sql } from '../tables/sqlite/sql';
import { pinAt, resolve, type Checkpoint } from '../tables/timeline';
import { userIdsByExternalId, userIdsByUsername, usersById } from '../tables/users';
import * as views from '../view';
import { accessCauses } from './diff/causes';
import { countAccessDiffs, differingSince, listAccessDiffs } from './diff/list';
import { AsOfContext, type Asking } from './as-of-context';
import { apiKeys } from './api-keys';
import { catalogueDiff } from './diff/catalogue-diff';
import type { CatalogueSnapshots } from './catalogue-snapshots';
import { changeEntries, changesOfEntries, countChanges, listChanges } from './change-list';
import { checkPermissions } from './checks';
import { effectivePermissions } from './effective';
import { Feeds } from './feeds';
import { GrantCache } from './grant-cache';
import { countHistory, historyEntries, listHistory } from './history-list';
import { countHolders, listHolders } from './holders';
import { namesAsOf } from './names-as-of';
import { countAccessHistory, listAccessHistory } from './history/access-list';
import { listReplay } from './history/replay';
import { previewPublication } from './preview/publication-preview';
import { previewRole } from './preview/role-preview';
import { countRoles, listRoles } from './role-list/list';
import { roleRows } from './role-list/rows';
import { publishedSinceEdit } from './role-list/edits';
import { assignments, countRoleUsers, listRoleUsers, rolesOfUsers } from './role-users';
import { countUsers, lastUserChanges, listUsers, userRegistrations } from './user-list';

/** A view over one file of read models: only pins, and forwards each question to its read model. */
export class SqlView implements views.View {
  private readonly reading: AsOfContext;

  constructor(
    readonly account: string,
    readonly pin: views.Pin,
    private readonly tables: Pick<Tables, 'reading'>,
    private readonly work: Work,
  ) {
    this.reading = tables.reading(account, pin.ordinal);
  }

  private get asking(): Asking {
    return { reading: this.reading, question: this.work.question() };
  }

  catalogue(): Catalogue {
    return this.reading.snapshot.catalogue;
  }

  accountInfo(): ReturnType<views.View['accountInfo']> {
    const name = accountName(this.reading);
    return name === undefined ? null : { id: this.account, name, features: this.reading.features };
  }

  roleList(
    filter: views.RoleFilter,
    orderBy: views.RoleOrder | null,
    page: views.PageRequest,
  ): Promise<views.Page<views.RoleRow>> {
    return listRoles(this.asking, filter, orderBy, page);
  }

  countRoles(filter: views.RoleFilter): Promise<number | null> {
    return countRoles(this.asking, filter);
  }

  roles(ids: readonly string[]): ReadonlyMap<string, views.RoleRow> {
    return roleRows(this.reading, ids);
  }

  grants(roles: readonly string[]): ReadonlyMap<string, readonly views.Grant[]> {
    return this.reading.grants([...this.reading.roles(roles).values()]);
  }

  roleUsers(
    role: string,
    filter: views.MemberFilter,
    orderBy: views.MemberOrder | null,
    page: views.PageRequest,
  ): Promise<views.Page<views.Membership>> {
    return listRoleUsers(this.asking, { id: role, filter, order: orderBy }, page);
  }

  countRoleUsers(role: string, filter: views.MemberFilter): Promise<number | null> {
    return countRoleUsers(this.asking, role, filter);
  }

  userList(
    filter: views.UserFilter,
    orderBy: views.UserOrder | null,
    page: views.PageRequest,
  ): Promise<views.Page<views.UserRow>> {
    return listUsers(this.asking, filter, orderBy, page);
  }

  countUsers(filter: views.UserFilter): Promise<number | null> {
    return countUsers(this.asking, filter);
  }

  users(ids: readonly string[]): ReadonlyMap<string, views.UserRow> {
    return usersById(this.reading, ids);
  }

  userIds(usernames: readonly string[]): ReadonlyMap<string, string> {
    return userIdsByUsername(this.reading, usernames);
  }

  userIdsByExternalId(externalIds: readonly string[]): ReadonlyMap<string, string> {
    return userIdsByExternalId(this.reading, externalIds);
  }

  identities(users: readonly string[]): ReadonlyMap<string, readonly views.IdentityRow[]> {
    return identitiesOf(this.reading, users);
  }

  userIdsByIdentity(identities: readonly ExternalIdentity[]): readonly (string | null)[] {
    return userIdsByIdentity(this.reading, identities);
  }

  rolesOf(users: readonly string[]): ReadonlyMap<string, readonly string[]> {
    return rolesOfUsers(this.reading, users);
  }

  assignments(asked: readonly views.AssignmentAsked[]): readonly (views.Assignment | null)[] {
    return assignments(this.reading, asked);
  }

  apiKeys(users: readonly string[]): ReadonlyMap<string, readonly views.ApiKeyRow[]> {
    return apiKeys(this.reading, users);
  }

  userChanges(users: readonly string[]): ReadonlyMap<string, views.Changed> {
    return lastUserChanges(this.reading, users);
  }

  userRegistrations(users: readonly string[]): ReadonlyMap<string, views.Changed> {
    return userRegistrations(this.reading, users);
  }

  effective(users: readonly string[]): ReadonlyMap<string, views.EffectivePermissions> {
    return effectivePermissions(this.reading, users);
  }

  checks(checks: readonly views.PermissionCheck[]): readonly views.PermissionDecision[] {
    return checkPermissions(this.reading, checks);
  }

  check(user: string, permission: string, scope: string | null): views.PermissionDecision {
    return checkPermissions(this.reading, [{ user, permission, scope }])[0]!;
  }

  holders(
    permission: string,
    scope: string | null,
    page: views.PageRequest,
  ): Promise<views.Page<views.PermissionHolder>> {
    return listHolders(this.asking, permission, scope, page);
  }

  countHolders(permission: string, scope: string | null): Promise<number | null> {
    return countHolders(this.asking, permission, scope);
  }

  accessDiffs(
    filter: views.AccessDiffFilter,
    page: views.PageRequest,
  ): Promise<views.Page<views.UserAccessDiff>> {
    const { asking } = this;
    return listAccessDiffs(asking, differingSince(asking, this.readingAt(filter.from), filter), page);
  }

  countAccessDiffs(filter: views.AccessDiffFilter): Promise<views.AccessDiffCounts | null> {
    return countAccessDiffs(differingSince(this.asking, this.readingAt(filter.from), filter));
  }

  accessCauses(
    from: Ordinal,
    diffs: readonly views.UserAccessDiff[],
  ): Promise<readonly views.AccessCauses[]> {
    return accessCauses(this.asking, from, diffs);
  }

  accessHistory(
    filter: views.AccessHistoryFilter,
    page: views.PageRequest,
  ): Promise<views.Page<views.UserAccessChange>> {
    return listAccessHistory(this.asking, this.readingAt, filter, page);
  }

  countAccessHistory(filter: views.AccessHistoryFilter): Promise<number | null> {
    return countAccessHistory(this.asking, this.readingAt, filter);
  }

  catalogueDiff(from: Ordinal): Promise<readonly views.CatalogueDiffRow[]> {
    return catalogueDiff(this.asking, this.readingAt(from));
  }

  preview(change: views.UnrecordedChange): views.RolePreview {
    return previewRole(() => this.asking, this.pin, change);
  }

  previewPublication(content: CatalogueContent): views.PublicationPreview {
    return previewPublication(() => this.asking, content);
  }

  publishedSinceEdit(roles: readonly string[]): ReadonlyMap<string, readonly string[]> {
    return publishedSinceEdit(this.reading, roles);
  }

  private readonly readingAt = (ordinal: Ordinal): AsOfContext => this.tables.reading(this.account, ordinal);

  namesThen(asked: readonly views.NameAsked[]): readonly (string | null)[] {
    return namesAsOf(this.reading, asked);
  }

  history(filter: views.HistoryFilter, page: views.PageRequest): Promise<views.Page<views.HistoryRow>> {
    return listHistory(this.asking, filter, page);
  }

  historyEntries(numbers: readonly HistoryNumber[]): readonly (views.HistoryRow | null)[] {
    return historyEntries(this.reading, numbers);
  }

  countHistory(filter: views.HistoryFilter): Promise<number | null> {
    return countHistory(this.asking, filter);
  }

  changes(filter: views.HistoryFilter, page: views.PageRequest): Promise<views.Page<views.ChangeRow>> {
    return listChanges(this.asking, filter, page);
  }

  countChanges(filter: views.HistoryFilter): Promise<number | null> {
    return countChanges(this.asking, filter);
  }

  replay(of: views.Replayed, page: views.PageRequest): Promise<views.Page<views.ReplayRow>> {
    return listReplay(this.asking, of, page);
  }

  changesOfEntries(numbers: readonly HistoryNumber[]): readonly (views.ChangeRow | null)[] {
    return changesOfEntries(this.reading, numbers);
  }

  changeEntries(change: views.Append): Promise<readonly views.HistoryRow[]> {
    return changeEntries(this.asking, change);
  }
}

/** Number of readings cached: accounts that are queried between two commits. */
const READINGS = 8;

/** One open file of read models, to read from. */
export class Tables {
  readonly #readings = new LRUCache<string, AsOfContext>({ max: READINGS });
  readonly #grants = new GrantCache();
  readonly feeds: Feeds;

  constructor(
    readonly sql: Sql,
    private readonly snapshots: CatalogueSnapshots,
    private readonly mostChanges = views.MOST_CHANGES,
  ) {
    this.feeds = new Feeds(sql);
  }

  /** Reading of an account at an ordinal, shared by all requests for it. */
  reading(account: string, at: Ordinal): AsOfContext {
    const key = `${account} ${at}`;
    let reading = this.#readings.get(key);
    if (!reading) {
      const { sql } = this;
      const n = accountNumber(sql, account) ?? UNKNOWN_ACCOUNT;
      reading = new AsOfContext(
        { sql, account: n, at },
        this.snapshots.at(sql, at),
        this.#grants,
        this.mostChanges,
      );
      this.#readings.set(key, reading);
    }
    return reading;
  }

  /**
   * `newest`: the checkpoint, if it is known without a query.
   * @throws UnknownPositionError
   */
  view(
    account: string,
    asOf?: views.AsOf | null,
    newest?: Checkpoint | null,
    work: Work = new Work(),
  ): SqlView {
    const pin = !asOf && newest ? pinAt(newest) : resolve(this.sql, asOf);
    return new SqlView(account, pin, this, work);
  }
}
