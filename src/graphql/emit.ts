import { writeFileSync } from 'node:fs';
import { isSpecifiedScalarType, printType, type GraphQLNamedType, type GraphQLSchema } from 'graphql';
import { createSchema } from './schema';

/** Types that a reader wants first, in this order; what they lead to follows where it is first met. */
const FIRST = [
  'Query',
  'Mutation',
  'Node',
  'Role',
  'User',
  'Account',
  'PermissionCatalogue',
  'HistoryEntry',
  'AsOf',
];

/** The schema as text that reads from top to bottom: the queries, the mutations, then each type near its first use. */
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
  FIRST.forEach(add);
  for (const type of ordered) for (const name of namesIn(printType(type))) add(name);
  Object.keys(types).sort().forEach(add);
  return `${ordered.map(printType).join('\n\n')}\n`;
}

/** Names of types in the text of a type, descriptions left out, in the order they are met. */
const namesIn = (text: string): string[] => text.replace(/"""[\s\S]*?"""/g, '').match(/\b[A-Z]\w*\b/g) ?? [];

/** Writes the schema file that others build on. */
export function emitSchema(file: string): void {
  writeFileSync(file, printReadably(createSchema()));
}
