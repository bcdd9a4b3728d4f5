import { Type, type Static } from '@sinclair/typebox';
import type { Catalogue } from '../../domain/catalogue/catalogue';
import { compileSchema, faultsOf } from '../../domain/schemas';
import { plainTextFault } from '../../domain/text';

/** A line of a file of roles: what it may look like, and what of it must be there. */

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
  },
  { additionalProperties: false },
);
const DefaultRoleLine = Type.Object({ key: Type.String(), users: Users }, { additionalProperties: false });

export type RoleLine = Static<typeof CustomRoleLine> | Static<typeof DefaultRoleLine>;

const customRoleLine = compileSchema(CustomRoleLine);
const defaultRoleLine = compileSchema(DefaultRoleLine);

/** The role that a line describes, or what is wrong with its form. */
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

/** Texts that are no plain text. What may be a name, the rules of roles say. */
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

/** What a line names that is not there, told before anything of it is written; null where all is. */
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
  const unknown: [string, string[]][] = [
    ['UNKNOWN_USER', (line.users ?? []).filter((username) => !users.has(username))],
    ['UNKNOWN_PERMISSION', permissions.map(({ permission }) => permission)],
    ['UNKNOWN_SCOPE', scopes],
  ];
  const told = unknown.filter(([, names]) => names.length > 0);
  return told.length > 0 ? told.map(([code, names]) => `${code}: ${shortened(names)}`).join('; ') : null;
}

const shortened = (names: readonly string[]): string =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
