import { LRUCache } from 'lru-cache';
import type { ActorRights, DecisionReads } from '../../src/commands/decision-reads';
import type { Catalogue } from '../../src/domain/catalogue/catalogue';
import { sortKey } from '../../src/domain/text';
import type { UserStatus } from '../../src/domain/user/user';
import type { Position } from '../../src/event-store/port/event-store';
import type { Ordinal } from '../numbers';
import { accountName, featuresOf } from '../tables/accounts';
import { userIdsByIdentity } from '../tables/sign-in/identities';
import { activeApiKey } from '../tables/sign-in/api-keys';
import { memberIds } from '../tables/memberships';
import { roleNameKeys } from '../tables/roles';
import { isServiceUser, userStatuses } from '../tables/users';
import { lastDeclaration } from '../tables/voided';
import { UnknownPositionError, type ReadModels, type View } from '../view';
import type { AsOfContext } from './as-of-context';
import { checkPermissions } from './checks';
import { grantedTo } from './effective';
import { changedSince } from './preview/changed-since';
import type { Tables } from './sql-view';

/** Read models that expose the newest tables. */
interface NewestTables extends Pick<ReadModels, 'status'> {
  tables(): Tables;
}

/**
 * Reads of commands before they decide: this replica's own tables, as of the last commit that their projector reported.
 * Data that every command needs is read once per commit.
 */
export function createDecisionReads(readModels: NewestTables): DecisionReads {
  let moment: Moment | null = null;
  const now = (): Moment => {
    const tables = readModels.tables();
    const { ordinal, position } = readModels.status();
    if (moment?.tables !== tables || moment.ordinal !== ordinal)
      moment = new Moment(tables, ordinal, position);
    return moment;
  };
  return {
    lagMs() {
      const { state, lagMs } = readModels.status();
      return state === 'starting' || state === 'rebuilding' ? Infinity : lagMs;
    },
    poisoned: () => readModels.status().state === 'poisoned',
    newer: () => readModels.status().state === 'newer',
    voidedBy: () => now().voidedBy,
    position: () => now().position,
    catalogue: () => now().catalogue,
    enabledFeatures: (account) => now().features(account),
    userStatus: (account, users) => now().statuses(account, users),
    userByIdentity: (account, identity) => userIdsByIdentity(now().reading(account), [identity])[0]!,
    isService: (account, user) => isServiceUser(now().reading(account), user),
    apiKey(hash) {
      const key = activeApiKey(now().tables.sql, hash);
      return key
        ? { account: key.account, user: key.user, id: key.id, expiresAt: new Date(key.expires) }
        : null;
    },
    permissionsHeld: (account, user) => grantedTo(now().reading(account), user).permissions,
    rights: (account, user) => now().rights(account, user),
    roleThen: (account, role, ordinal) => roleThen(now().tables, account, role, ordinal as Ordinal),
    changedSince(account, ordinal, basis) {
      const { tables } = now();
      const before = viewAt(tables, account, ordinal as Ordinal);
      if (!before) return undefined;
      return changedSince(
        now().reading(account),
        tables.reading(account, before.pin.ordinal),
        before.pin,
        basis,
      );
    },
    roleNameKeys: (account, prefix) => roleNameKeys(now().reading(account), sortKey(prefix)),
  };
}

function roleThen(
  tables: Tables,
  account: string,
  id: string,
  ordinal: Ordinal,
): ReturnType<DecisionReads['roleThen']> {
  const view = viewAt(tables, account, ordinal);
  const row = view?.roles([id]).get(id);
  if (!view || !row || row.deletedAt !== null) return view && null;
  const { name, description, version } = row;
  const grants = (view.grants([id]).get(id) ?? []).map(
    ({ permission, scopes }) => [permission, scopes] as const,
  );
  const reading = tables.reading(account, view.pin.ordinal);
  const n = reading.role(id)?.n ?? null;
  return { name, description, version, grants, members: () => (n === null ? [] : memberIds(reading, n)) };
}

function viewAt(tables: Tables, account: string, ordinal: Ordinal): View | undefined {
  try {
    return tables.view(account, { ordinal });
  } catch (error) {
    if (error instanceof UnknownPositionError) return undefined;
    throw error;
  }
}

type Statuses = ReadonlyMap<string, UserStatus>;

/** Accounts and users cached per commit: the same few callers ask repeatedly. */
const REMEMBERED = 1_000;

/** The tables at one commit, where no answer changes any more. */
class Moment {
  readonly catalogue: Catalogue;
  readonly voidedBy: Position | null;
  readonly #features = new LRUCache<string, { readonly enabled: ReadonlySet<string> | null }>({
    max: REMEMBERED,
  });
  readonly #statuses = new LRUCache<string, Statuses>({ max: REMEMBERED });
  readonly #rights = new LRUCache<string, ActorRights>({ max: REMEMBERED });

  constructor(
    readonly tables: Tables,
    readonly ordinal: Ordinal,
    readonly position: Position | null,
  ) {
    this.catalogue = tables.reading('', ordinal).snapshot.catalogue;
    this.voidedBy = lastDeclaration(tables.sql);
  }

  reading(account: string): AsOfContext {
    return this.tables.reading(account, this.ordinal);
  }

  features(id: string): ReadonlySet<string> | null {
    let known = this.#features.get(id);
    if (!known) {
      const reading = this.reading(id);
      const isOpen = accountName(reading) !== undefined;
      known = { enabled: isOpen ? featuresOf(reading) : null };
      this.#features.set(id, known);
    }
    return known.enabled;
  }

  statuses(account: string, users: readonly string[]): Statuses {
    const [user, ...others] = users;
    if (user === undefined || others.length > 0) return this.#readStatuses(account, users);
    const key = `${account} ${user}`;
    const known = this.#statuses.get(key) ?? this.#readStatuses(account, users);
    this.#statuses.set(key, known);
    return known;
  }

  #readStatuses(id: string, users: readonly string[]): Statuses {
    return userStatuses(this.reading(id), users);
  }

  rights(account: string, user: string): ActorRights {
    const key = `${account} ${user}`;
    const known = this.#rights.get(key) ?? rightsIn(this.reading(account), user);
    this.#rights.set(key, known);
    return known;
  }
}

function rightsIn(reading: AsOfContext, user: string): ActorRights {
  const may = new Map<string, boolean>();
  let granted: ReturnType<typeof grantedTo> | undefined;
  return {
    may(permission) {
      const known = may.get(permission);
      if (known !== undefined) return known;
      const { allowed } = checkPermissions(reading, [{ user, permission, scope: null }])[0]!;
      may.set(permission, allowed);
      return allowed;
    },
    isGranted(permission) {
      granted ??= grantedTo(reading, user);
      return granted.active && granted.permissions.has(permission);
    },
  };
}
