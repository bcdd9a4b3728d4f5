import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, getNamedType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { operationsOf, PAGES } from './operations';

/** Operations that the pages show. That tools for frontends take each of them, `test/clients/documents.test.ts` tries. */

const ROOT = path.join(__dirname, '..', '..');
const schema = buildSchema(readFileSync(path.join(ROOT, 'schema', 'schema.graphql'), 'utf8'));

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
