import type { Guards } from '../src/commands/guards';
import type { Catalogue } from '../src/domain/catalogue/catalogue';
import { nameKey } from '../src/domain/names';
import type { Position } from '../src/event-store/event-store';
import { accountName, featuresOf } from './accounts';
import { checkPermissions } from './checks';
import { grantedTo } from './effective';
import type { LocalReadModels } from './open';
import type { Reading } from './reading';
import { nameKeysFrom } from './roles';
import type { Tables } from './sql-view';
import { userStates } from './user-rows';
import type { Ordinal } from './view';

/**
 * What commands read before they decide: this replica's own tables, as they were when their projector last told of a
 * commit. What every command asks for is read once for each such moment.
 */
export function createGuards(readModels: Pick<LocalReadModels, 'tables' | 'status'>): Guards {
  let moment: Moment | null = null;
  const now = (): Moment => {
    const tables = readModels.tables();
    const { ordinal, position } = readModels.status();
    if (moment?.tables !== tables || moment.ordinal !== ordinal) moment = momentOf(tables, ordinal, position);
    return moment;
  };
  const reading = (account: string): Reading => {
    const { tables, ordinal } = now();
    return tables.reading(account, ordinal);
  };
  return {
    lagMs: () => readModels.status().lagMs,
    position: () => now().position,
    catalogue: () => now().catalogue(),
    enabledFeatures: (account) => now().features(account),
    userStatus(id, users) {
      const { sql, account, at } = reading(id);
      const states = [...userStates(sql, account, users, at)];
      return new Map(states.map(([user, { active }]) => [user, active ? 'ACTIVE' : 'INACTIVE']));
    },
    rights(id, user) {
      const read = reading(id);
      let granted: ReadonlySet<string> | undefined;
      return {
        may: (permission) => checkPermissions(read, [{ user, permission, scope: null }])[0]!.allowed,
        isGranted: (permission) => (granted ??= grantedTo(read, user)).has(permission),
      };
    },
    roleNameKeys(id, prefix) {
      const { sql, account } = reading(id);
      return nameKeysFrom(sql, account, nameKey(prefix));
    },
  };
}

interface Moment {
  readonly tables: Tables;
  readonly ordinal: Ordinal;
  readonly position: Position | null;
  catalogue(): Catalogue;
  features(account: string): ReadonlySet<string> | null;
}

function momentOf(tables: Tables, ordinal: Ordinal, position: Position | null): Moment {
  const features = new Map<string, ReadonlySet<string> | null>();
  let catalogue: Catalogue | undefined;
  return {
    tables,
    ordinal,
    position,
    catalogue: () => (catalogue ??= tables.reading('', ordinal).snapshot.catalogue),
    features(id) {
      let found = features.get(id);
      if (found === undefined) {
        const { sql, account, at } = tables.reading(id, ordinal);
        found = accountName(sql, account, at) === undefined ? null : featuresOf(sql, account, at);
        features.set(id, found);
      }
      return found;
    },
  };
}
