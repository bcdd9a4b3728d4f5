import { Type, type Static } from '@sinclair/typebox';
import type { Catalogue } from '../../domain/catalogue/catalogue';
import { named } from '../../domain/refusal';
import { compileSchema, faultsOf } from '../../domain/schemas';
import { plainTextFault, sameName } from '../../domain/text';
import type { View } from '../../../projections/view';

/** A line of a file of roles: its form, and the names in it that must exist. */

const Users = Type.Array(Type.String());
const Grant = Type.Object(
  { permission: Type.String(), scopes: Type.Optional(Type.Array(Type.String())) },
  { additionalProperties: false },
);
const CustomRoleLine = Type.Object(
  {
    name: Type.String(),
    description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    grants: Type.Optional(Type.Array(Grant)),
    users: Type.Optional(Users),
    inactiveUsers: Type.Optional(Users),
  },
  { additionalProperties: false },
);
const DefaultRoleLine = Type.Object(
  { key: Type.String(), users: Users, inactiveUsers: Type.Optional(Users) },
  { additionalProperties: false },
);

export type RoleLine = Static<typeof CustomRoleLine> | Static<typeof DefaultRoleLine>;

const customRoleLine = compileSchema(CustomRoleLine);
const defaultRoleLine = compileSchema(DefaultRoleLine);

/** The role that a line describes, or the faults of its form. */
export function roleOf(text: string): RoleLine | { readonly fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fault: 'is not JSON' };
  }
  const isDefault = typeof json === 'object' && json !== null && 'key' in json;
  const check = isDefault ? defaultRoleLine : customRoleLine;
  if (!check.Check(json)) return { fault: faultsOf(check, json).slice(0, 5).join('; ') };
  const faults = textFaults(json);
  return faults.length > 0 ? { fault: faults.slice(0, 5).join('; ') } : json;
}

/** Faults of texts that are not plain text. The rules of roles decide on names. */
function textFaults(line: RoleLine): string[] {
  const own: readonly [string, string][] =
    'key' in line
      ? [['key', line.key]]
      : [
          ['name', line.name],
          ['description', line.description ?? ''],
          ...(line.grants ?? []).flatMap(({ permission, scopes = [] }): [string, string][] =>
            [permission, ...scopes].map((text) => ['grants', text]),
          ),
        ];
  return [...own, ...(line.users ?? []).map((user) => ['users', user] as const)].flatMap(([field, text]) => {
    const fault = plainTextFault(text, { multiline: field === 'name' || field === 'description' });
    return fault === null ? [] : [`${field}: ${fault}`];
  });
}

/** All usernames of a line. */
export const usernamesOf = ({ users = [], inactiveUsers = [] }: RoleLine): string[] => [
  ...users,
  ...inactiveUsers,
];

/**
 * Fault of a line that lists active users as inactive and would give them the role: in the account that the line comes
 * from they were inactive, so the role had no effect for them. Null if there are no such users.
 */
export function activeIn(line: RoleLine, users: ReadonlyMap<string, string>, view: View): string | null {
  const ids = new Map((line.inactiveUsers ?? []).map((username) => [users.get(username) ?? '', username]));
  const active = [...view.users([...ids.keys()]).values()].filter(({ status }) => status === 'ACTIVE');
  const roles = view.rolesOf(active.map(({ id }) => id));
  const rows = view.roles([...new Set([...roles.values()].flat())]);
  const isOfLine = (role: string): boolean =>
    'key' in line ? role === line.key : sameName(rows.get(role)?.name ?? '', line.name);
  const joining = active
    .filter(({ id }) => !roles.get(id)?.some(isOfLine))
    .map(({ id }) => ids.get(id) ?? '');
  return joining.length === 0 ? null : `"inactiveUsers" has users who are active: ${shortened(joining)}`;
}

/** Unknown names of a line, reported before any part of it is written; null if all are known. */
export function unknownIn(
  line: RoleLine,
  users: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): string | null {
  const grants = 'name' in line ? (line.grants ?? []) : [];
  const permissions = grants.filter(({ permission }) => !catalogue.present(permission));
  const scopes = grants.flatMap(({ permission, scopes: kept = [] }) => {
    const related = catalogue.present(permission)?.scopes;
    return related ? kept.filter((scope) => !related.includes(scope)) : [];
  });
  const known = 'name' in line || isDefaultRole(line.key, catalogue);
  const unknown: [string, string[]][] = [
    ['NOT_FOUND', known ? [] : [`there is no default role ${named([line.key])}`]],
    ['UNKNOWN_USER', usernamesOf(line).filter((username) => !users.has(username))],
    ['UNKNOWN_PERMISSION', permissions.map(({ permission }) => permission)],
    ['UNKNOWN_SCOPE', scopes],
  ];
  const told = unknown.filter(([, names]) => names.length > 0);
  return told.length > 0 ? told.map(([code, names]) => `${code}: ${shortened(names)}`).join('; ') : null;
}

/** A key in the present catalogue. A custom role has no key: its id is none either. */
function isDefaultRole(key: string, catalogue: Catalogue): boolean {
  const role = catalogue.defaultRole.get(key);
  return role !== undefined && !role.retired;
}

const shortened = (names: readonly string[]): string =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
