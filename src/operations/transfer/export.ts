import type { IdentityRow, ReadModels } from '../../../projections/view';
import { csvLine } from './csv-line';
import { pagesOf } from './pages';

/**
 * Exports in the form that the imports read. The order follows from the data alone: equal accounts give equal bytes.
 */

/**
 * Users as CSV lines: `username,name,id,status,externalId,kind,issuer,subject`, by username, with a further line for each
 * further identity; erased ones at the end, without names, by id. API keys are in no export.
 */
export async function* exportUsers(readModels: ReadModels, account: string): AsyncGenerator<string> {
  const view = readModels.view(account);
  yield 'username,name,id,status,externalId,kind,issuer,subject';
  for await (const users of pagesOf((page) =>
    view.userList({}, { field: 'USERNAME', direction: 'ASC' }, page),
  )) {
    const identities = view.identities(users.map(({ id }) => id));
    for (const { username, name, id, status, externalId, kind } of users)
      for (const { issuer, subject } of readable(identities.get(id)))
        yield csvLine([username, name, id, status, externalId ?? '', kind, issuer, subject]);
  }
  const erased: [id: string, kind: string][] = [];
  for await (const users of pagesOf((page) =>
    view.userList({ status: 'ERASED' }, { field: 'USERNAME', direction: 'ASC' }, page),
  ))
    erased.push(...users.map(({ id, kind }): [string, string] => [id, kind]));
  erased.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id, kind] of erased) yield csvLine(['', '', id, 'ERASED', '', kind, '', '']);
}

/** Roles as NDJSON lines: default roles that have users in the catalogue's order, then custom roles by name. */
export async function* exportRoles(readModels: ReadModels, account: string): AsyncGenerator<string> {
  const view = readModels.view(account);
  for await (const roles of pagesOf((page) => view.roleList({}, null, page))) {
    const grants = view.grants(roles.filter(({ kind }) => kind === 'CUSTOM').map(({ id }) => id));
    for (const { id, kind, name, description } of roles) {
      const users: string[] = [];
      const inactiveUsers: string[] = [];
      for await (const members of pagesOf((page) => view.roleUsers(id, {}, null, page)))
        for (const { user } of members)
          (user.status === 'ACTIVE' ? users : inactiveUsers).push(user.username);
      for (const usernames of [users, inactiveUsers]) usernames.sort((a, b) => (a < b ? -1 : 1));
      const members = { users, ...(inactiveUsers.length > 0 ? { inactiveUsers } : {}) };
      if (kind === 'CUSTOM')
        yield JSON.stringify({ name, description, grants: grants.get(id) ?? [], ...members });
      else if (users.length + inactiveUsers.length > 0) yield JSON.stringify({ key: id, ...members });
    }
  }
}

const NO_IDENTITY = [{ issuer: '', subject: '' }] as const;

/** Identities as lines have them: one without any has one line, and what cannot be read is left out. */
function readable(
  identities: readonly IdentityRow[] = [],
): readonly { readonly issuer: string; readonly subject: string }[] {
  const known = identities.flatMap(({ issuer, subject }) => (subject === null ? [] : [{ issuer, subject }]));
  return known.length > 0 ? known : NO_IDENTITY;
}
