import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { elementOf, isOfBreaking, unnoted } from './schema-changes';

/** The schema beside that of the last release: what breaks a client has a note in `changes/` that names it. */

const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

test('every change since the last release that breaks a client is named by a note', () => {
  const notes = readdirSync(path.join(ROOT, 'changes')).filter(isOfBreaking);
  const texts = notes.map((name) => read('changes', name));
  expect(unnoted(read('schema', 'released.graphql'), read('schema', 'schema.graphql'), texts)).toEqual([]);
});

const BEFORE = `
  type Query { role(id: ID!): Role kind: Kind count: Int }
  type Role { name: String! description: String old: Int }
  enum Kind { CUSTOM DEFAULT }
  input RoleInput { name: String }
  type Gone { a: Int }
`;
const AFTER = `
  type Query { role(id: ID!, at: String!): Role kind: Kind count: Int }
  type Role { name: String description: String }
  enum Kind { CUSTOM }
  input RoleInput { name: String, reason: String! }
`;
const ELEMENTS = ['Gone', 'Kind.DEFAULT', 'Query.role', 'Role.name', 'Role.old', 'RoleInput.reason'];

test('each kind of breaking change is found under the name of its element', () => {
  const found = unnoted(BEFORE, AFTER, []);
  expect(found.map((line) => line.split(': ')[0]).sort()).toEqual(ELEMENTS);
});

test.each(ELEMENTS)('without a note that names %s it fails, with all it passes', (missing) => {
  const notes = ELEMENTS.filter((element) => element !== missing).map(
    (element) => `- \`${element}\` is other.`,
  );
  expect(unnoted(BEFORE, AFTER, notes).map((line) => line.split(': ')[0])).toEqual([missing]);
  expect(unnoted(BEFORE, AFTER, [...notes, `- \`${missing}\` too.`])).toEqual([]);
});

test('a note about the type is none about its field, and what is only added needs none', () => {
  expect(unnoted('type Query { a: Int! }', 'type Query { a: Int }', ['- `Query` is other.'])).toHaveLength(1);
  expect(unnoted('type Query { a: Int! }', 'type Query { a: Int }', ['- `Query.*` is other.'])).toEqual([]);
  expect(unnoted('type Query { a: Int }', 'type Query { a: Int! b: Int }', [])).toEqual([]);
  expect(elementOf('Role.name arg at was removed.')).toBe('Role.name');
  expect(['a.changed.md', 'b.upgrade.md', 'c.added.md', 'README.md'].filter(isOfBreaking)).toHaveLength(2);
});

test('a field that needs something else wants a note, one that says so for the first time does not', () => {
  const schema = (needs: string, of = ''): string =>
    `directive @needs(anyOf: [String!]!) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
     type Query { a: Int ${needs} b(of: Of): Int @needs(anyOf: []) } input Of { c: Int ${of} }`;
  const [view, manage] = ['@needs(anyOf: ["roles/view"])', '@needs(anyOf: ["roles/manage"])'];
  const changed = unnoted(schema(view), schema(`${view} ${manage}`, view), []);
  expect(changed.map((line) => line.split(': ')[0])).toEqual(['Query.a', 'Of.c']);
  expect(unnoted(schema(view), schema(manage), ['- `Query.a` is other.'])).toEqual([]);
  expect(unnoted(schema(view), schema(''), [])).toHaveLength(1);
  expect(unnoted(schema(`${view} ${manage}`), schema(`${manage} ${view}`), [])).toEqual([]);
  expect(unnoted('type Query { a: Int }', schema(view), [])).toEqual([]);
});
