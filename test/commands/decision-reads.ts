import type { DecisionReads } from '../../src/commands/decision-reads';
import { nameKey } from '../../src/domain/text';
import { liveCustomRoles, type Book } from '../model-checker/book';
import { CATALOGUE } from './catalogue';

/**
 * Guards as the local tables would give them, from a book. `read` may answer the book as it stood long ago: what
 * lags is decided on streams, so the adversarial schedules run with guards frozen at their start.
 */
export function guardsOf(read: () => Book, lagMs: () => number = () => 0): DecisionReads {
  const rolesOf = (user: string) =>
    read().users.get(user)?.erased ? [] : [...read().roles].filter(([, role]) => role.members.has(user));
  const granted = (user: string, permission: string): boolean =>
    rolesOf(user).some(([id, role]) =>
      (CATALOGUE.defaultRole.get(id)?.permissions ?? [...role.grants.keys()]).includes(permission),
    );
  return {
    lagMs,
    poisoned: () => false,
    newer: () => false,
    voidedBy: () => null,
    position: () => read().events.at(-1)?.position ?? null,
    catalogue: () => CATALOGUE,
    enabledFeatures: () => (read().opened ? read().features : null),
    userStatus: (_account, users) =>
      new Map(
        users.flatMap((id) => {
          const user = read().users.get(id);
          if (!user) return [];
          return [[id, user.erased ? 'ERASED' : user.active ? 'ACTIVE' : 'INACTIVE'] as const];
        }),
      ),
    userByIdentity: (_account, { issuer, subject }) =>
      [...read().users].find(
        ([, { erased, identities }]) => !erased && [...identities.values()].includes(`${issuer} ${subject}`),
      )?.[0] ?? null,
    isService: (_account, id) => read().users.get(id)?.kind === 'SERVICE',
    apiKey: () => null,
    permissionsHeld: (_account, user) =>
      new Set(
        CATALOGUE.content.permissions
          .filter(({ key, retired }) => !retired && granted(user, key))
          .map(({ key }) => key),
      ),
    rights: (_account, user) => ({
      may: (permission) =>
        Boolean(read().users.get(user)?.active) &&
        read().features.has(CATALOGUE.permission.get(permission)?.feature ?? '') &&
        granted(user, permission),
      isGranted: (permission) => granted(user, permission),
    }),
    roleThen: () => {
      throw new Error('Books keep no past: copies of it are tried over real read models.');
    },
    changedSince: () => {
      throw new Error('Books keep no past: previews are tried over real read models.');
    },
    roleNameKeys: (_account, prefix) =>
      new Set(
        liveCustomRoles(read())
          .map(([, role]) => nameKey(role.name))
          .filter((key) => key.startsWith(nameKey(prefix))),
      ),
  };
}
