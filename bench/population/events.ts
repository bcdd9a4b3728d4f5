import { hash } from 'node:crypto';
import { roleNameClaims, usernameClaims } from '../../src/domain/claim/claim';
import { schemaVersionOf } from '../../src/domain/event-versions';
import type { EventMetadata, RolebookEvent } from '../../src/domain/events';
import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import type { ExpectedRevision, JsonObject, NewEvent } from '../../src/event-store/port/event-store';
import { accountStream, claimStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { userId, userProfile, uuid } from './names';
import { firstOrdinary } from './shape';
import { range, type Plan, type PlannedRole } from './plan';

/** The log of a population: the appends that commands would have made, claims included, in two chapters. */

export const ACCOUNT = 'bench';
/** Id of the account's admin, who asks in every figure. */
export const ADMIN = 'admin';

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

const START = Date.UTC(2025, 5, 1);
const BETWEEN_APPENDS_MS = 10;
/** Limit of changes in one append, as commands have it. */
const MOST_CHANGES = 1_000;

export class PopulationLog {
  #appends = 0;

  constructor(
    protected readonly plan: Plan,
    private readonly features: readonly string[],
  ) {}

  /** Number of events that `before` and `after` give. */
  get events(): number {
    const { roles, shape } = this.plan;
    const role = ({ grants, members }: PlannedRole): number => 2 + grants.length + members.length;
    const changed = this.changed().reduce((sum, role) => sum + (this.leaver(role) === undefined ? 3 : 4), 0);
    return (
      4 + this.features.length + 2 * shape.users + roles.reduce((sum, each) => sum + role(each), 0) + changed
    );
  }

  /** The account with its users, roles and memberships. */
  *before(): Generator<Append, void, undefined> {
    yield this.append('openAccount', accountStream(ACCOUNT), 'no-stream', [
      { type: 'AccountOpened', data: { account: ACCOUNT, name: 'Bench' } },
      ...this.features.map((feature): RolebookEvent => ({
        type: 'FeatureEnabled',
        data: { account: ACCOUNT, feature },
      })),
    ]);
    yield* this.register(ADMIN, { username: 'admin@example.com', name: 'Ada Admin' });
    const admin: RolebookEvent = { type: 'UserAssigned', data: { role: ACCOUNT_ADMIN, user: ADMIN } };
    yield this.append('assignUsers', roleStream(ACCOUNT, ACCOUNT_ADMIN), 'no-stream', [admin]);
    yield* this.users();
    for (const role of this.plan.roles) yield* this.create(role);
  }

  /** The users alone, in an account that is open. */
  *users(): Generator<Append, void, undefined> {
    for (const n of range(0, this.plan.shape.users)) yield* this.register(userId(n), this.profileOf(n));
  }

  /** Later changes: one ordinary role in ten gets another name, and loses a member. */
  *after(): Generator<Append, void, undefined> {
    for (const changed of this.changed()) {
      const { id: role, name, grants, members } = changed;
      const to = `${name} II`;
      const leaver = this.leaver(changed);
      yield this.claim('updateRole', 'Claimed', 'ROLE_NAME', roleNameClaims(to)[0]!, role, 'no-stream');
      yield this.append('updateRole', roleStream(ACCOUNT, role), grants.length + members.length, [
        { type: 'RoleRenamed', data: { role, from: name, to } },
        ...(leaver === undefined
          ? []
          : [{ type: 'UserUnassigned', data: { role, user: userId(leaver) } } as const]),
      ]);
      yield this.claim('updateRole', 'Released', 'ROLE_NAME', roleNameClaims(name)[0]!, role, 0);
    }
  }

  protected profileOf(n: number): ReturnType<typeof userProfile> {
    return userProfile(n);
  }

  protected descriptionOf({ name }: PlannedRole): string {
    return `What ${name} do.`;
  }

  private changed(): readonly PlannedRole[] {
    return this.plan.ordinary.filter((_, n) => n % 10 === 0);
  }

  /** Not one of those whom checks ask about. */
  private leaver({ members }: PlannedRole): number | undefined {
    return members.find((n) => n < firstOrdinary(this.plan.shape));
  }

  private *register(
    user: string,
    profile: { readonly username: string; readonly name: string },
  ): Generator<Append, void, undefined> {
    const claim = usernameClaims(profile.username)[0]!;
    yield this.claim('registerUser', 'Claimed', 'USERNAME', claim, user, 'no-stream');
    const registered: RolebookEvent = { type: 'UserRegistered', data: { user, ...profile } };
    yield this.append('registerUser', userStream(ACCOUNT, user), 'no-stream', [registered]);
  }

  protected *create(created: PlannedRole): Generator<Append, void, undefined> {
    const { id: role, name, grants, members } = created;
    const stream = roleStream(ACCOUNT, role);
    yield this.claim('createRole', 'Claimed', 'ROLE_NAME', roleNameClaims(name)[0]!, role, 'no-stream');
    yield this.append('createRole', stream, 'no-stream', [
      {
        type: 'RoleCreated',
        data: { role, name, description: this.descriptionOf(created), copiedFrom: null },
      },
      ...grants.map(({ permission, scopes }): RolebookEvent => ({
        type: 'PermissionGranted',
        data: { role, permission, scopes: [...scopes] },
      })),
    ]);
    for (let from = 0; from < members.length; from += MOST_CHANGES) {
      const joining = members.slice(from, from + MOST_CHANGES);
      yield this.append(
        'assignUsers',
        stream,
        grants.length + from,
        joining.map((n) => ({ type: 'UserAssigned', data: { role, user: userId(n) } })),
      );
    }
  }

  protected claim(
    command: string,
    type: 'Claimed' | 'Released',
    kind: 'USERNAME' | 'ROLE_NAME',
    id: string,
    owner: string,
    expected: ExpectedRevision,
  ): Append {
    return this.append(command, claimStream(ACCOUNT, id), expected, [
      { type, data: { kind, owner, users: [] } },
    ]);
  }

  protected append(
    command: string,
    stream: string,
    expected: ExpectedRevision,
    events: readonly RolebookEvent[],
  ): Append {
    const n = (this.#appends += 1);
    const metadata: Omit<EventMetadata, 'part' | 'schemaVersion'> = {
      actorType: 'user',
      actorId: ADMIN,
      account: ACCOUNT,
      command,
      commandId: uuid(`command ${n}`),
      inputHash: hash('sha256', `${command} ${stream} ${n}`),
      requestId: uuid(`request ${n}`),
      parts: String(events.length),
      basis: `${n}@1`,
      recordedAt: new Date(START + n * BETWEEN_APPENDS_MS).toISOString(),
    };
    const written = events.map(({ type, data }, index): NewEvent => ({
      id: uuid(`event ${n} ${index}`),
      type,
      data: data as JsonObject,
      metadata: { ...metadata, schemaVersion: schemaVersionOf({ type, data }), part: String(index + 1) },
    }));
    return { stream, expected, events: written };
  }
}
