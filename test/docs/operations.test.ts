import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildSchema,
  getNamedType,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { operationsOf, PAGES } from './operations';

/** Operations that the pages show are documents of their own: tools for frontends take each as it stands. */

const ROOT = path.join(__dirname, '..', '..');
const schema = buildSchema(readFileSync(path.join(ROOT, 'schema', 'schema.graphql'), 'utf8'));
const operations = PAGES.flatMap((page) => operationsOf(page));

test('each has a name that no other has', () => {
  const names = operations.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name, index) => name === '' || names.indexOf(name) !== index)).toEqual([]);
});

test.each(operations.map(({ name, text }) => [name, text] as const))('%s fits the schema', (_name, text) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});

test('those of screens select the id of every object that has one', () => {
  const missing = operationsOf('docs/screens.md').flatMap(({ name, text }) => {
    const info = new TypeInfo(schema);
    const found: string[] = [];
    const enter = ({ selectionSet }: { selectionSet?: { selections: readonly object[] } }): void => {
      const type = getNamedType(info.getType());
      if (!selectionSet || !isObjectType(type) || !type.getFields()['id']) return;
      const selected = selectionSet.selections.map(
        (each) => (each as { name?: { value: string } }).name?.value,
      );
      if (!selected.includes('id')) found.push(`${name}: ${type.name}`);
    };
    visit(parse(text), visitWithTypeInfo(info, { Field: { enter } }));
    return found;
  });
  expect(missing).toEqual([]);
});

test('pages with operations are those that are known', () => {
  const pages = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith('.md'))
    .filter((name) => readFileSync(path.join(ROOT, name), 'utf8').includes('```graphql'));
  expect(pages.sort()).toEqual([...PAGES].sort());
});
