import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { NaiveCatalogue } from './naive-catalogue';
import { isPassedOver, naiveHistory, type NaiveEntry } from './naive-history';

/**
 * State of an account, computed from the whole log as plainly as can be: everything is folded anew for each question, with
 * plain maps, and nothing of the code under test.
 */
export class NaiveAccount {
  readonly users = new Map<string, NaiveUser>();
  readonly custom = new Map<string, NaiveRole>();
  readonly defaults = new Map<string, NaiveRole>();
  readonly features = new Set<string>();

  readonly catalogue = new NaiveCatalogue();
  /** Oldest first. */
  readonly history: readonly NaiveEntry[];

  constructor(log: readonly RecordedEvent[], account: string) {
    this.history = naiveHistory(log, account, this.catalogue);
    for (const [key, { name, retired }] of this.catalogue.roles)
      this.defaults.set(key, { ...newRole(name), deleted: retired });
    for (const event of log) if (event.metadata.account === account) this.#take(event);
  }

  /** Takes the account one event further; its history stays as it is. */
  advance(event: RecordedEvent, account: string): void {
    if (parseStream(event.stream)?.category === 'catalogue') {
      this.catalogue.apply(event);
      for (const [key, { name, retired }] of this.catalogue.roles)
        this.defaults.set(key, { ...(this.defaults.get(key) ?? newRole(name)), name, deleted: retired });
    } else if (event.metadata.account === account) this.#take(event);
  }

  #take(event: RecordedEvent): void {
    if (isPassedOver(event)) return;
    if (event.type === 'UserErased') this.#erase(String(event.data['user']), event.id);
    this.apply(event.type, event.data as unknown as Data);
  }

  /** Identities of users: id, issuer, subject, oldest first. */
  identityRows(): string[] {
    return [...this.users].flatMap(([id, { identities }]) =>
      identities.map(({ issuer, subject }) => `${id} ${issuer} ${subject}`),
    );
  }

  /** Time of the last change of a role; null where there was none. */
  updatedAt(role: string): number | null {
    const { erasures } = this.custom.get(role) ?? this.defaults.get(role)!;
    const changes = (entry: NaiveEntry): boolean => entry.role === role || erasures.has(entry.event);
    return this.history.findLast((entry) => changes(entry) && !entry.isVoid)?.at ?? null;
  }

  /** Rows of the role list: id, name, users, permissions, scopes, version. */
  roleRows(): unknown[] {
    const rows = [...this.defaults, ...this.custom].filter(([, role]) => !role.deleted);
    return rows
      .map(([id, role]) => this.row(id, role))
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  }

  row(id: string, role: NaiveRole): (string | number | null)[] {
    const grants = this.grantsOf(id);
    const scopes = new Set([...grants.values()].flat());
    return [id, role.name, role.members.size, grants.size, scopes.size, role.version, this.updatedAt(id)];
  }

  /** Roles of a user that grant a permission; retired ones where no other does, whose grants are withheld. */
  private via(user: string, permission: string): { readonly roles: string[]; readonly retired: boolean } {
    const granting = [...this.defaults, ...this.custom].filter(
      ([id, role]) => role.members.has(user) && this.grantsOf(id).has(permission),
    );
    const living = granting.filter(([, { deleted }]) => !deleted);
    const retired = living.length === 0;
    const found = retired ? granting.filter(([id]) => this.defaults.has(id)) : living;
    return { roles: found.map(([id]) => id).sort(), retired };
  }

  /** Effective permissions of a user: `permission [scopes] via roles`, and those withheld with the reason. */
  effective(user: string): { granted: string[]; withheld: string[] } {
    const granted: string[] = [];
    const withheld: string[] = [];
    for (const [key, permission] of this.catalogue.permissions) {
      const { roles: via, retired } = this.via(user, key);
      if (via.length === 0) continue;
      const kept = new Set(via.flatMap((role) => this.grantsOf(role).get(key) ?? []));
      const scopes = permission.scopes.filter((scope) => kept.has(scope)).sort();
      const reason = !this.users.get(user)?.active
        ? 'USER_INACTIVE'
        : permission.retired || retired
          ? 'RETIRED'
          : !this.features.has(permission.feature)
            ? 'FEATURE_DISABLED'
            : null;
      if (reason) withheld.push(`${key} ${reason} ${via.join()}`);
      else granted.push(`${key} [${scopes.join()}] ${via.join()}`);
    }
    return { granted: granted.sort(), withheld: withheld.sort() };
  }

  /** Scopes with which a user effectively has a permission; null for one who has not. */
  held(user: string, key: string): string[] | null {
    const permission = this.catalogue.permissions.get(key);
    if (!permission || permission.retired || !this.users.get(user)?.active) return null;
    const { roles, retired } = this.via(user, key);
    if (roles.length === 0 || retired || !this.features.has(permission.feature)) return null;
    const kept = new Set(roles.flatMap((role) => this.grantsOf(role).get(key) ?? []));
    return permission.scopes.filter((scope) => kept.has(scope));
  }

  private grantsOf(role: string): ReadonlyMap<string, readonly string[]> {
    return this.custom.get(role)?.grants ?? this.catalogue.grantsOf(role);
  }

  #erase(id: string, event: string): void {
    Object.assign(this.users.get(id)!, { active: false, erased: true, identities: [] });
    for (const [role, { members, erasures, deleted }] of [...this.custom, ...this.defaults])
      if (members.delete(id) && (!deleted || this.defaults.has(role))) erasures.add(event);
  }

  private apply(type: string, data: Data): void {
    const user = this.users.get(data.user);
    const role = this.defaults.get(data.role) ?? this.custom.get(data.role);
    if (
      role &&
      !['ClaimAbandoned', 'UserUnbarred'].includes(type) &&
      !(type === 'UserBarred' && !data.member)
    )
      role.version += 1;
    if (type === 'FeatureEnabled') this.features.add(data.feature);
    else if (type === 'FeatureDisabled') this.features.delete(data.feature);
    else if (type === 'UserRegistered')
      this.users.set(data.user, {
        ...profileOf(data),
        active: true,
        erased: false,
        kind: data.kind ?? 'PERSON',
        identities: [],
        apiKeys: new Map(),
      });
    else if (type === 'UserProfileChanged' && user) Object.assign(user, profileOf(data.to as NaiveProfile));
    else if (type === 'UserIdentityLinked' && user) user.identities.push(data);
    else if (type === 'UserIdentityUnlinked' && user)
      user.identities = user.identities.filter(({ identityClaim }) => identityClaim !== data.identityClaim);
    else if (type === 'UserDeactivated' && user) user.active = false;
    else if (type === 'UserReactivated' && user) user.active = true;
    else if (type === 'ApiKeyCreated') user?.apiKeys.set(data.apiKey, `${data.name} ${data.expiresAt} valid`);
    else if (type === 'ApiKeyRevoked')
      user?.apiKeys.set(data.apiKey, String(user.apiKeys.get(data.apiKey)).replace('valid', 'revoked'));
    else if (type === 'RoleCreated') this.custom.set(data.role, { ...newRole(data.name), version: 1 });
    else if (type === 'RoleRenamed' && role) role.name = String(data.to);
    else if (type === 'PermissionGranted') role?.grants.set(data.permission, data.scopes);
    else if (type === 'PermissionScopesChanged')
      role?.grants.set(data.permission, data.to as unknown as string[]);
    else if (type === 'PermissionRevoked') role?.grants.delete(data.permission);
    else if (type === 'UserAssigned') role?.members.add(data.user);
    else if (type === 'UserUnassigned' || (type === 'UserBarred' && data.member))
      role?.members.delete(data.user);
    else if (type === 'RoleDeleted' && role) role.deleted = true;
  }
}

interface NaiveProfile {
  readonly username: string;
  readonly name: string;
  readonly externalId?: string;
}
interface NaiveUser extends Omit<NaiveProfile, 'externalId'> {
  readonly externalId: string | null;
  readonly kind: string;
  /** API keys by id, in words. */
  readonly apiKeys: Map<string, string>;
  active: boolean;
  erased: boolean;
  identities: NaiveIdentity[];
}
interface NaiveIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly identityClaim: string;
}
const profileOf = ({ username, name, externalId }: NaiveProfile) => ({
  username,
  name,
  externalId: externalId ?? null,
});

interface NaiveRole {
  name: string;
  readonly grants: Map<string, readonly string[]>;
  readonly members: Set<string>;
  /** Events that erased members. */
  readonly erasures: Set<string>;
  deleted: boolean;
  version: number;
}
const newRole = (name: string): NaiveRole => ({
  name,
  grants: new Map(),
  members: new Set(),
  erasures: new Set(),
  deleted: false,
  version: 0,
});

interface Data extends NaiveIdentity {
  readonly user: string;
  readonly role: string;
  readonly name: string;
  readonly username: string;
  readonly feature: string;
  readonly permission: string;
  readonly scopes: readonly string[];
  readonly member: boolean;
  readonly kind?: string;
  readonly apiKey: string;
  readonly expiresAt: string;
  readonly externalId?: string;
  readonly to: string | NaiveProfile;
}
