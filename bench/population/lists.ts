import type { RolebookEvent } from '../../src/domain/events';
import { roleNameClaims } from '../../src/domain/claim/claim';
import { claimStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { ACCOUNT, PopulationLog, type Append } from './events';
import { roleId, userId, userProfile } from './names';
import { range, type PlannedRole } from './plan';

/**
 * A population for lists: the one of all other groups, with what lists are ordered and filtered by besides. One user in
 * three signed in, one in 25 is inactive, a few have a rare name, and some roles were deleted.
 */

/** In the names of as many users and roles in every size. */
export const RARE = 'quokka';
const RARE_USERS = 30;
const RARE_ROLES = 25;

/** Times of sign-ins are spread over so many minutes, each with a few users. */
const MINUTES = 300_000;
const MINUTE_MS = 60_000;
const FIRST_LOGIN = Date.UTC(2025, 6, 1);
const LATE_LOGIN = FIRST_LOGIN + MINUTES * MINUTE_MS;
/** Events at the end, after the moment that is called recent. */
const RECENT = 100;

/** The sign-in of a user, in milliseconds since 1970; null for one who never signed in. */
export const loginOf = (n: number): number | null =>
  n % 3 === 0 ? FIRST_LOGIN + ((n * 7_919) % MINUTES) * MINUTE_MS : null;
/** In the large role one in five, among others one in fifty. */
const isInactive = (n: number): boolean => n % 50 === 10 || n % 50 === 7;

export class ListsLog extends PopulationLog {
  /** Revisions of the streams of users that were changed, and their latest sign-ins. */
  readonly #users = new Map<number, { readonly revision: number; readonly login: number | null }>();
  #rare: ReadonlySet<string> | undefined;

  override get events(): number {
    const users = this.everybody();
    const count = (fits: (n: number) => boolean): number => users.filter(fits).length;
    const lively = count((n) => loginOf(n) !== null) + count(isInactive);
    const former = this.formerRoles().reduce((sum, { grants }) => sum + 4 + grants.length, 0);
    return super.events + lively + former + count(isLate) + RECENT;
  }

  /** Adds sign-ins, inactive users and deleted roles. */
  *lively(): Generator<Append, void, undefined> {
    for (const n of this.everybody()) {
      const at = loginOf(n);
      if (at !== null) yield this.login(n, at);
      if (isInactive(n)) yield this.change(n, 'deactivateUser', 'UserDeactivated', {});
    }
    for (const role of this.formerRoles()) yield* this.createAndDelete(role);
  }

  /** Changes after the first moment, in a large account more than some orders as of then can do with. */
  *late(): Generator<Append, void, undefined> {
    for (const n of this.everybody().filter(isLate)) yield this.login(n, LATE_LOGIN + n * MINUTE_MS);
  }

  /** Changes that an answer as of a minute ago passes over. */
  *recent(): Generator<Append, void, undefined> {
    for (const n of range(0, RECENT)) yield this.login(n, LATE_LOGIN - n * MINUTE_MS);
  }

  protected override profileOf(n: number): ReturnType<typeof userProfile> {
    const profile = userProfile(n);
    const step = Math.floor(this.plan.shape.users / RARE_USERS);
    const isRare = n % step === 2 && n < step * RARE_USERS;
    return isRare ? { ...profile, name: `${profile.name} ${RARE}` } : profile;
  }

  protected override descriptionOf(role: PlannedRole): string {
    const { ordinary } = this.plan;
    const step = Math.max(1, Math.floor(ordinary.length / RARE_ROLES));
    this.#rare ??= new Set(
      range(0, ordinary.length, step)
        .slice(0, RARE_ROLES)
        .map((n) => ordinary[n]!.id),
    );
    return this.#rare.has(role.id) ? `What ${role.name} and the ${RARE} do.` : super.descriptionOf(role);
  }

  private login(n: number, time: number): Append {
    const [at, before] = [time, this.#users.get(n)?.login ?? null].map(
      (each) => each && new Date(each).toISOString(),
    );
    const append = this.change(n, 'recordLogin', 'UserLoggedIn', { at, before });
    this.#users.set(n, { ...this.#users.get(n)!, login: time });
    return append;
  }

  private change(n: number, command: string, type: 'UserLoggedIn' | 'UserDeactivated', data: object): Append {
    const { revision, login } = this.#users.get(n) ?? { revision: 0, login: null };
    this.#users.set(n, { revision: revision + 1, login });
    const user = userId(n);
    const event = { type, data: { user, ...data } } as RolebookEvent;
    return this.append(command, userStream(ACCOUNT, user), revision, [event]);
  }

  private everybody(): readonly number[] {
    return range(0, this.plan.shape.users);
  }

  /** One deleted role for twenty that live. */
  private formerRoles(): readonly PlannedRole[] {
    const { ordinary } = this.plan;
    return range(0, ordinary.length, 20).map((n) => ({
      id: roleId(`former ${n}`),
      name: `Former ${ordinary[n]!.name}`,
      grants: ordinary[n]!.grants.slice(0, 3),
      members: [],
    }));
  }

  private *createAndDelete(former: PlannedRole): Generator<Append, void, undefined> {
    const { id: role, name, grants } = former;
    yield* this.create(former);
    yield this.append('deleteRole', roleStream(ACCOUNT, role), grants.length, [
      { type: 'RoleDeleted', data: { role, name } },
    ]);
    const claim = claimStream(ACCOUNT, roleNameClaims(name)[0]!);
    yield this.append('deleteRole', claim, 0, [
      { type: 'Released', data: { kind: 'ROLE_NAME', owner: role, users: [] } },
    ]);
  }
}

const isLate = (n: number): boolean => n % 61 === 1;
