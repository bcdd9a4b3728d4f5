import type { Actor } from '../../../src/domain/vocabulary';
import { BEFORE_FIRST, type RoleNumber, type UserNumber } from '../../numbers';
import type { PreviewedUsers } from '../../preview-rows';
import { patternOf } from '../../tables/search/user-search-index';
import { userNumbers, userRows } from '../../tables/users';
import type { Assignment, MemberFilter, MemberOrder, Membership, Page, PageRequest } from '../../view';
import type { Asking } from '../as-of-context';
import { membershipsOf } from '../role-users';
import { listName, statusesOf, userSort } from '../user-list';
import { BY_NAME, EVERYBODY, type UserQuery, type UserSort } from '../user-search/candidates';
import { countThese, countUsersWho } from '../user-search/planner';
import { pageOfUsers } from '../user-search/user-page';
import type { PreviewedRole } from './previewed-role';

/** Users of a role as a change would leave it. */

type Filter = Pick<MemberFilter, 'search' | 'status'>;

export class UsersOfPreview {
  private readonly joining: readonly UserNumber[];
  private readonly leaving: readonly UserNumber[];

  constructor(
    private readonly asking: Asking,
    private readonly role: PreviewedRole,
    /** Moment and actor of the change. */
    private readonly by: { readonly at: Date; readonly actor: Actor },
  ) {
    const numbersOf = (ids: readonly string[]): UserNumber[] => [
      ...userNumbers(asking.reading, ids).values(),
    ];
    this.joining = numbersOf(role.joining);
    this.leaving = numbersOf(role.leaving);
  }

  page(
    which: PreviewedUsers,
    filter: Filter,
    order: MemberOrder | null,
    page: PageRequest,
  ): Promise<Page<Membership>> {
    return pageOfUsers(
      this.asking,
      {
        name: listName('previewed-users', order),
        query: this.#query(which, filter, userSort(order)),
        members: this.#members,
        also: this.#also(which),
        read: (users) => this.#read(users),
      },
      page,
    );
  }

  async count(which: PreviewedUsers, filter: Filter): Promise<number | null> {
    const query = this.#query(which, filter, BY_NAME);
    const also = await countThese(this.asking, query, this.#also(which));
    if (which !== 'ALL') return also;
    const isAll = query.pattern === null && query.statuses === EVERYBODY;
    const staying = isAll
      ? this.#members - this.leaving.length
      : await countUsersWho(this.asking, query, this.#members);
    return staying === null ? null : staying + also;
  }

  /** Users in the role now. */
  get #members(): number {
    const { before } = this.role;
    return before ? this.asking.reading.userCount(before) : 0;
  }

  /** Those beside the query. */
  #also(which: PreviewedUsers): readonly UserNumber[] {
    return which === 'LEAVING' ? this.leaving : this.joining;
  }

  /** Users who stay in the role. */
  #query(which: PreviewedUsers, { search, status }: Filter, sort: UserSort): UserQuery {
    const n: RoleNumber | null = this.role.before?.n ?? null;
    return {
      sort,
      statuses: statusesOf(status),
      pattern: patternOf(search),
      roles: which === 'ALL' && n !== null ? [n] : [],
      notIn: null,
      ...(which === 'ALL' ? { without: this.leaving } : {}),
      kind: null,
    };
  }

  #read(users: readonly UserNumber[]): ReadonlyMap<UserNumber, Membership> {
    const { reading } = this.asking;
    const joining = new Set(this.joining);
    const n = this.role.before?.n ?? null;
    const staying = users.filter((user) => !joining.has(user));
    const known = n === null ? new Map<UserNumber, Membership>() : membershipsOf(reading, n, staying);
    const assigned: Assignment = { assignedAt: this.by.at, assignedBy: this.by.actor, event: BEFORE_FIRST };
    const rows = userRows(
      reading,
      users.filter((user) => joining.has(user)),
    );
    return new Map([
      ...known,
      ...[...rows].map(([user, row]) => [user, { user: row, ...assigned }] as const),
    ]);
  }
}
