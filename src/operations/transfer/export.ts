import type { Page, PageRequest, ReadModels } from '../../../projections/view';

/**
 * Exports in the form that the imports read. The order follows from the data alone: equal accounts give equal bytes.
 */

const PAGE = 1_000;

/** Users as CSV lines: `username,name,id,status,externalId`, by username; erased ones at the end, without names, by id. */
export async function* exportUsers(readModels: ReadModels, account: string): AsyncGenerator<string> {
  const view = readModels.view(account);
  yield 'username,name,id,status,externalId';
  for await (const users of pagesOf((page) =>
    view.userList({}, { field: 'USERNAME', direction: 'ASC' }, page),
  )) {
    for (const { username, name, id, status, externalId } of users)
      yield [username, name, id, status, externalId ?? ''].map(quoted).join(',');
  }
  const erased: string[] = [];
  for await (const users of pagesOf((page) =>
    view.userList({ status: 'ERASED' }, { field: 'USERNAME', direction: 'ASC' }, page),
  ))
    erased.push(...users.map(({ id }) => id));
  for (const id of erased.sort()) yield ['', '', id, 'ERASED', ''].join(',');
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

/** All pages of a list, one after another. */
export async function* pagesOf<T>(
  list: (page: PageRequest) => Page<T> | Promise<Page<T>>,
): AsyncGenerator<T[]> {
  for (let after: string | null = null, more = true; more;) {
    const page: Page<T> = await list({ first: PAGE, after });
    yield page.items.map(({ item }) => item);
    more = page.hasMore;
    after = page.items.at(-1)?.cursor ?? null;
  }
}

const quoted = (field: string): string =>
  /[",\n\r]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
