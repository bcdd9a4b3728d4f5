import { t } from '../messages/i18n';

/** Number of roles that are named; the others are counted. */
const NAMED = 2;

/** Roles of a user in one line: “Agent, Supervisor +3”. */
export function roleNames(roles: readonly { readonly name: string }[]): string {
  if (roles.length === 0) return t('people.noRoles');
  const named = roles.slice(0, NAMED).map(({ name }) => name);
  const more = roles.length - named.length;
  return more === 0 ? named.join(', ') : t('people.rolesMore', { names: named.join(', '), more });
}
