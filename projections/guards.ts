import type { Guards } from '../src/commands/guards';
import { nameKey } from '../src/domain/names';
import { accountName, featuresOf } from './accounts';
import { checkPermission, isGranted } from './effective';
import type { LocalReadModels } from './open';
import type { Reading } from './reading';
import { nameKeysFrom } from './roles';
import { readCheckpoint } from './time-line';
import { userFactAt, userNumber } from './users';

/** What commands read before they decide: this replica's own tables, as new as they are. */
export function createGuards(readModels: Pick<LocalReadModels, 'tables' | 'status'>): Guards {
  const reading = (account: string): Reading => {
    const tables = readModels.tables();
    return tables.reading(account, readCheckpoint(tables.sql)?.ordinal ?? 0);
  };
  return {
    lagMs: () => readModels.status().lagMs,
    position: () => readCheckpoint(readModels.tables().sql)?.position ?? null,
    catalogue: () => reading('').snapshot.catalogue,
    enabledFeatures(id) {
      const { sql, account, at } = reading(id);
      return accountName(sql, account, at) === undefined ? null : featuresOf(sql, account, at);
    },
    userStatus(id, users) {
      const { sql, account, at } = reading(id);
      const found = new Map<string, 'ACTIVE' | 'INACTIVE'>();
      for (const user of users) {
        const n = userNumber(sql, account, user);
        const fact = n === undefined ? undefined : userFactAt(sql, account, n, at);
        if (fact) found.set(user, fact.active ? 'ACTIVE' : 'INACTIVE');
      }
      return found;
    },
    rights(id, user) {
      const read = reading(id);
      return {
        may: (permission) => checkPermission(read, user, permission, null).allowed,
        isGranted: (permission) => isGranted(read, user, permission),
      };
    },
    roleNameKeys(id, prefix) {
      const { sql, account } = reading(id);
      return nameKeysFrom(sql, account, nameKey(prefix));
    },
  };
}
