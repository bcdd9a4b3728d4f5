import { apiKeysOf } from '../tables/sign-in/api-keys';
import { recorded } from '../tables/history';
import type { ApiKeyRow } from '../view';
import type { AsOfContext } from './as-of-context';

/** API keys of users, by id of the user. */
export function apiKeys(
  reading: AsOfContext,
  users: readonly string[],
): ReadonlyMap<string, readonly ApiKeyRow[]> {
  const { sql, at } = reading;
  const keys = apiKeysOf(reading, new Set(users));
  const events = recorded(
    sql,
    new Set(
      keys.flatMap(({ valid_from, valid_to }) => (valid_to <= at ? [valid_from, valid_to] : [valid_from])),
    ),
  );
  const found = new Map<string, ApiKeyRow[]>();
  for (const { user, id, name, prefix, expires, valid_from, valid_to } of keys) {
    const created = events.get(valid_from);
    if (!created) continue;
    const revokedAt = valid_to <= at ? (events.get(valid_to)?.at ?? null) : null;
    const row = { user, id, name, prefix, created, expiresAt: new Date(expires), revokedAt };
    found.set(user, [...(found.get(user) ?? []), row]);
  }
  return found;
}
