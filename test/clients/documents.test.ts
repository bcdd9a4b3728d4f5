import { documents } from './documented';
import { ENDINGS, relayModules, shownOperations } from './documented-operations';
import { generateTypes } from './generate-types';
import { compile } from './relay';

/** The tools of frontends take the schema, and every operation that the pages show. */

const shown = shownOperations();
const names = shown.map(({ name }) => name);

/** Types that say nothing, in lines of TypeScript that are no comment. */
const vague = (source: string): string[] =>
  source.split('\n').filter((line) => !/^\s*(\/?\*|\/\/)/.test(line) && /[:<|]\s*(any|unknown)\b/.test(line));

test('the pages show operations, each under a name of its own', () => {
  expect(names.length).toBeGreaterThan(20);
  expect(names).toEqual(expect.arrayContaining(['DefaultTab', 'RolePage', 'Effective', 'BringBack']));
  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain('');
});

test('relay-compiler takes each of them, and knows the type of every field', () => {
  const made = compile(relayModules(shown));
  for (const { name, kind } of shown) {
    const [types = ''] = made.get(name + ENDINGS[kind])?.split('\nconst node') ?? [];
    expect([name, types]).toEqual([name, expect.stringMatching(/export type \w+\$data = \{\n {2}readonly /)]);
    expect([name, vague(types)]).toEqual([name, []]);
  }
});

test('relay-compiler refuses what the schema does not have', () => {
  expect(() => compile(new Map([['Wrong', ['query WrongQuery { me { nickname } }']]]))).toThrow(/nickname/);
});

describe('GraphQL Code Generator', () => {
  test('takes each of them, and knows the type of every field', () => {
    const source = generateTypes(documents().map(({ text }) => text));
    for (const { name, kind } of shown) expect(source).toContain(`export type ${name}${ENDINGS[kind]} = {`);
    expect(vague(source).filter((line) => !line.startsWith('type Exact<'))).toEqual([]);
  });

  test('refuses what the schema does not have', () => {
    expect(() => generateTypes(['query Wrong { me { nickname } }'])).toThrow(/nickname/);
  });
});
