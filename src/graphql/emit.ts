import { writeFileSync } from 'node:fs';
import {
  GraphQLInputObjectType,
  GraphQLObjectType,
  isSpecifiedScalarType,
  printType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { createSchema } from './schema';

/** Types that a reader wants first, in this order; what each leads to follows it. */
const FIRST = ['Role', 'User', 'Account', 'PermissionCatalogue', 'HistoryEntry', 'AsOf', 'Query', 'Mutation'];

/** Fields in the order that a reader wants; others keep theirs. */
const FIELDS_FIRST = [
  'account',
  'me',
  'permissionCatalogue',
  'roles',
  'role',
  'users',
  'user',
  'checkPermissions',
];
const MUTATIONS_FIRST = ['createRole', 'updateRole', 'duplicateRole', 'deleteRole'];
const MUTATIONS_LAST = ['enableFeature', 'disableFeature'];
/** What many have alike comes after what is each one's own. */
const LAST = [
  'errors',
  'position',
  'projected',
  'first',
  'after',
  'asOf',
  'idempotencyKey',
  'reason',
  'expectedVersion',
];

/** The schema as text that reads from top to bottom: the queries, the mutations, then each type and what it leads to. */
export function printReadably(schema: GraphQLSchema): string {
  const types = schema.getTypeMap();
  const ordered: GraphQLNamedType[] = [];
  const seen = new Set<string>();
  const add = (name: string): void => {
    const type = types[name];
    if (!type || seen.has(name) || name.startsWith('__') || isSpecifiedScalarType(type)) return;
    seen.add(name);
    ordered.push(type);
  };
  const follow = (name: string): void => {
    const type = types[name];
    const known = seen.has(name) && !FIRST.includes(name);
    if (!type || known || isSpecifiedScalarType(type)) return;
    add(name);
    for (const next of namesIn(print(type))) if (!seen.has(next) && !FIRST.includes(next)) follow(next);
  };
  ['Query', 'Mutation', 'Node'].forEach(add);
  FIRST.forEach(follow);
  Object.keys(types).sort().forEach(add);
  return `${ordered.map(print).join('\n\n')}\n`;
}

function print(type: GraphQLNamedType): string {
  if (type instanceof GraphQLInputObjectType) {
    const config = type.toConfig();
    return printType(new GraphQLInputObjectType({ ...config, fields: arranged(config.fields, [], LAST) }));
  }
  if (!(type instanceof GraphQLObjectType)) return printType(type);
  const config = type.toConfig();
  const first = type.name === 'Query' ? FIELDS_FIRST : type.name === 'Mutation' ? MUTATIONS_FIRST : [];
  const last = type.name.endsWith('Payload') ? LAST : type.name === 'Mutation' ? MUTATIONS_LAST : [];
  const fields = Object.entries(config.fields).map(([name, field]) => [
    name,
    { ...field, args: arranged(field.args ?? {}, [], LAST) },
  ]);
  return printType(
    new GraphQLObjectType({ ...config, fields: arranged(Object.fromEntries(fields), first, last) }),
  );
}

/** The same entries, some first and some last. */
function arranged<T>(
  entries: Readonly<Record<string, T>>,
  first: readonly string[],
  last: readonly string[],
): Record<string, T> {
  const names = Object.keys(entries);
  const rank = (name: string): number => {
    if (first.includes(name)) return first.indexOf(name) - first.length;
    return last.includes(name) ? last.indexOf(name) + 1 : 0;
  };
  return Object.fromEntries(
    names.sort((a, b) => rank(a) - rank(b)).map((name) => [name, entries[name] as T]),
  );
}

/** Names of types in the text of a type, descriptions left out, in the order they are met. */
const namesIn = (text: string): string[] => text.replace(/"""[\s\S]*?"""/g, '').match(/\b[A-Z]\w*\b/g) ?? [];

/** Writes the schema file that others build on. */
export function emitSchema(file: string): void {
  writeFileSync(file, printReadably(createSchema()));
}
