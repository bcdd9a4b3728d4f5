import type { ReadModels, View } from '../../../projections/view';

/** Exports in the form that the imports read. The order follows from the data alone: equal accounts give equal bytes. */

const PAGE = 1_000;

/** Users as CSV lines: `username,name,id`, by username. */
export function* exportUsers(readModels: ReadModels, account: string): Generator<string> {
  const view = readModels.view(account);
  yield 'username,name,id';
  let after: string | null = null;
  for (;;) {
    const page = view.userList({}, 'USERNAME_ASC', { first: PAGE, after });
    for (const { item } of page.items) yield [item.username, item.name, item.id].map(quoted).join(',');
    if (!page.hasNextPage) return;
    after = page.items.at(-1)?.cursor ?? null;
  }
}

/** Roles as NDJSON lines: default roles that have users in the catalogue's order, then custom roles by name. */
export function* exportRoles(readModels: ReadModels, account: string): Generator<string> {
  const view = readModels.view(account);
  let after: string | null = null;
  for (;;) {
    const page = view.roleList({}, 'DEFAULT_FIRST', { first: PAGE, after });
    const grants = view.grants(
      page.items.filter(({ item }) => item.kind === 'CUSTOM').map(({ item }) => item.id),
    );
    for (const { item } of page.items) {
      const users = usernames(view, item.id);
      if (item.kind === 'CUSTOM') {
        const { name, description, id } = item;
        yield JSON.stringify({ name, description, grants: grants.get(id) ?? [], users });
      } else if (users.length > 0) {
        yield JSON.stringify({ key: item.id, users });
      }
    }
    if (!page.hasNextPage) return;
    after = page.items.at(-1)?.cursor ?? null;
  }
}

function usernames(view: View, role: string): string[] {
  const found: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = view.roleUsers(role, null, { first: PAGE, after });
    found.push(...page.items.map(({ item }) => item.user.username));
    if (!page.hasNextPage) return found.sort((a, b) => (a < b ? -1 : 1));
    after = page.items.at(-1)?.cursor ?? null;
  }
}

const quoted = (field: string): string =>
  /[",\n\r]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
