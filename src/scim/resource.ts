import type { UserRow, View } from '../../projections/view';
import { USER_SCHEMA } from './schema';

/** Users as answers of SCIM show them. */

export type UserResource = Readonly<Record<string, unknown>> & { readonly id: string };

/** Path of the users below the address of SCIM. */
export const USERS = '/Users';

/** The resources of users, in their order, at one statement for any number. `base`: address of SCIM. */
export function userResources(view: View, rows: readonly UserRow[], base: string): UserResource[] {
  const ids = rows.map(({ id }) => id);
  const [registrations, changes] = [view.userRegistrations(ids), view.userChanges(ids)];
  return rows.map(({ id, username, name, externalId, status }) => ({
    schemas: [USER_SCHEMA],
    id,
    ...(externalId === null ? {} : { externalId }),
    userName: username,
    name: { formatted: name },
    displayName: name,
    active: status === 'ACTIVE',
    meta: {
      resourceType: 'User',
      created: registrations.get(id)?.at.toISOString(),
      lastModified: changes.get(id)?.at.toISOString(),
      location: `${base}${USERS}/${id}`,
    },
  }));
}

/** Attributes that every answer has. */
const ALWAYS: readonly string[] = ['schemas', 'id'];

/** Parameters that ask for a part of a resource. */
export interface Selection {
  readonly attributes?: unknown;
  readonly excludedAttributes?: unknown;
}

/** The attributes of a resource that are asked for. A part of an attribute stands for the whole one. */
export function selected(
  resource: UserResource,
  { attributes, excludedAttributes }: Selection,
): UserResource {
  const [wanted, unwanted] = [namesIn(attributes), namesIn(excludedAttributes)];
  if (!wanted && !unwanted) return resource;
  const isKept = (name: string): boolean =>
    ALWAYS.includes(name) || (wanted ? wanted.has(name.toLowerCase()) : !unwanted?.has(name.toLowerCase()));
  return Object.fromEntries(Object.entries(resource).filter(([name]) => isKept(name))) as UserResource;
}

/** Names of attributes in a parameter, in lower case; null where it was left out. */
function namesIn(parameter: unknown): ReadonlySet<string> | null {
  if (typeof parameter !== 'string' || parameter.trim() === '') return null;
  const prefix = `${USER_SCHEMA}:`.toLowerCase();
  const names = parameter.split(',').map((each) => each.trim().toLowerCase().replace(prefix, ''));
  return new Set(names.map((name) => name.split('.')[0] ?? ''));
}
