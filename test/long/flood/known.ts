import type { Random } from '../random';

/** A permission of the catalogue, as far as requests need it. */
export interface KnownPermission {
  readonly key: string;
  readonly privileged: boolean;
  readonly scopes: readonly string[];
}

const ROLES_KEPT = 300;
const USERS_KEPT = 500;
const API_KEYS_KEPT = 100;
const POSITIONS_KEPT = 100;
/** Below these nobody deletes and nobody deactivates, so that there is always something to change. */
const LEAST_ROLES = 5;
const LEAST_USERS = 10;

/**
 * Knowledge of the account that clients have from answers: enough to ask for things that are there. It may be behind, as the
 * knowledge of any client is.
 */
export class Known {
  readonly permissions: KnownPermission[] = [];
  readonly sections: string[] = [];
  /** Features that can be disabled. */
  readonly features: string[] = [];
  readonly defaultRoles: string[] = [];
  /** Custom roles, and which permissions each was created or granted with. */
  readonly #customRoles = new Map<string, Set<string>>();
  /** Users whom requests may change; those whose tokens are used are not among them. */
  readonly #active = new Set<string>();
  readonly #inactive = new Set<string>();
  /** Those of them that are service users. */
  readonly #services = new Set<string>();
  readonly #apiKeys = new Set<string>();
  /** Usernames of users whom requests may change, by their ids. */
  readonly #named = new Map<string, string>();
  /** Usernames that erased users left behind. */
  readonly #suppressed = new Set<string>();
  readonly usernames: string[] = [];
  readonly #positions: string[] = [];
  #made = 0;

  constructor(
    /** Different for every run on the same log. */
    private readonly run: string,
    /** Times asked about are before it, in milliseconds. */
    readonly now = Date.now(),
  ) {}

  /** A text that nobody used before. */
  fresh(): string {
    this.#made += 1;
    return `${this.run}-${this.#made}`;
  }

  addRole(id: string, permissions: Iterable<string> = []): void {
    keep(this.#customRoles, ROLES_KEPT);
    this.#customRoles.set(id, new Set(permissions));
  }

  removeRole(id: string): void {
    this.#customRoles.delete(id);
  }

  granted(role: string, permissions: readonly string[]): void {
    for (const permission of permissions) this.#customRoles.get(role)?.add(permission);
  }

  addUser(id: string, active = true): void {
    keep(this.#active, USERS_KEPT);
    keep(this.#inactive, USERS_KEPT);
    this.#inactive.delete(id);
    this.#active.delete(id);
    (active ? this.#active : this.#inactive).add(id);
  }

  addServiceUser(id: string): void {
    keep(this.#services, USERS_KEPT);
    this.#services.add(id);
  }

  addApiKey(id: string): void {
    keep(this.#apiKeys, API_KEYS_KEPT);
    this.#apiKeys.add(id);
  }

  removeApiKey(id: string): void {
    this.#apiKeys.delete(id);
  }

  nameUser(id: string, username: string): void {
    keep(this.#named, USERS_KEPT);
    this.#named.set(id, username);
  }

  eraseUser(id: string): void {
    this.#services.delete(id);
    this.#active.delete(id);
    this.#inactive.delete(id);
    const username = this.#named.get(id);
    if (username === undefined) return;
    this.#named.delete(id);
    keep(this.#suppressed, USERS_KEPT);
    this.#suppressed.add(username);
  }

  releaseUsername(username: string): void {
    this.#suppressed.delete(username);
  }

  addPosition(position: string): void {
    this.#positions.push(position);
    if (this.#positions.length > POSITIONS_KEPT) this.#positions.shift();
  }

  customRole(random: Random): string {
    return random.pick([...this.#customRoles.keys()]);
  }

  /** A role that can be spared. */
  roleToDelete(random: Random): string {
    return this.#customRoles.size > LEAST_ROLES ? this.customRole(random) : 'Role:r_0123456789abcdef0123';
  }

  /** A custom role that grants something, if any is known. */
  grantingRole(random: Random): string {
    const granting = [...this.#customRoles].filter(([, permissions]) => permissions.size > 0);
    return granting.length > 0 ? random.pick(granting)[0] : this.customRole(random);
  }

  anyRole(random: Random): string {
    return random.chance(0.6) ? this.customRole(random) : random.pick(this.defaultRoles);
  }

  activeUser(random: Random): string {
    return random.pick([...this.#active]);
  }

  /** Mostly a service user, if any is known: persons are refused keys. */
  userForApiKey(random: Random): string {
    const services = this.#services.size > 0 && random.chance(0.9);
    return services ? random.pick([...this.#services]) : this.activeUser(random);
  }

  /** A key that was created, if any is known. */
  apiKey(random: Random): string {
    return this.#apiKeys.size > 0 ? random.pick([...this.#apiKeys]) : 'ApiKey:nobody:none';
  }

  /** A user who can be spared. */
  userToDeactivate(random: Random): string {
    return this.#active.size > LEAST_USERS ? this.activeUser(random) : 'User:nobody';
  }

  userToReactivate(random: Random): string {
    return this.#inactive.size > 0 ? random.pick([...this.#inactive]) : this.activeUser(random);
  }

  /** A user who can be spared, mostly one whose username is known, so that it can be released. */
  userToErase(random: Random): string {
    const named = [...this.#named.keys()].filter((id) => this.#active.has(id) || this.#inactive.has(id));
    return named.length > 0 && random.chance(0.9) ? random.pick(named) : this.userToDeactivate(random);
  }

  usernameToRelease(random: Random): string {
    return random.pick(this.#suppressed.size > 0 ? [...this.#suppressed] : this.usernames);
  }

  activeUsers(random: Random, most: number): string[] {
    return random.some([...this.#active], most);
  }

  /** A permission that the role was given, if any is known. */
  permissionOf(role: unknown, random: Random): KnownPermission {
    const keys = this.#customRoles.get(String(role));
    const held = this.permissions.filter(({ key }) => keys?.has(key));
    return random.pick(held.length > 0 ? held : this.permissions);
  }

  /** Mostly one that everybody may give. */
  permission(random: Random): KnownPermission {
    const common = this.permissions.filter(({ privileged }) => !privileged);
    return random.pick(random.chance(0.9) ? common : this.permissions);
  }

  position(random: Random): string | undefined {
    return this.#positions.length > 0 ? random.pick(this.#positions) : undefined;
  }
}

/** Drops the oldest, so that a long run knows as much as a short one. */
function keep(known: Map<string, unknown> | Set<string>, most: number): void {
  if (known.size < most) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}
