import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pseudo } from '../../console/build/pseudo';

/** The catalogue of messages: every key is used, and the pseudo-locale changes every text and no placeholder. */

const SOURCES = path.join(__dirname, '../../console/src');
const MESSAGES = JSON.parse(readFileSync(path.join(SOURCES, 'messages/en.json'), 'utf8')) as Record<
  string,
  string
>;
/** Names of placeholders: what opens an odd depth of braces. At even ones stand the forms of plurals. */
function placeholders(text: string): string[] {
  let depth = 0;
  const names: string[] = [];
  for (const [part] of text.matchAll(/\{\w*|\}/g)) {
    depth += part === '}' ? -1 : 1;
    if (part !== '}' && depth % 2 === 1) names.push(part.slice(1));
  }
  return names;
}
const hasLetters = (text: string): boolean => /[a-z]/i.test(text.replace(/\{\w+\}/g, ''));

test.each(Object.entries(MESSAGES))('the pseudo-locale changes %s, and keeps its placeholders', (_, text) => {
  const changed = pseudo(text);
  expect(changed).toMatch(/^\[.*·\]$/s);
  if (hasLetters(text)) expect(changed).not.toContain(text);
  expect(placeholders(changed)).toEqual(placeholders(text));
});

test('plurals keep their grammar', () => {
  expect(pseudo('{count, plural, one {# role} other {# roles}}')).toMatch(
    /^\[\{count, plural, one \{# ŕóļé\} other \{# ŕóļéš\}\}·+\]$/,
  );
});

test('every message is used', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const code = files.map((name) => readFileSync(path.join(SOURCES, name), 'utf8')).join('\n');
  // Keys that are put together: t(`mark.${mark}`).
  const families = [...code.matchAll(/t\(`([\w.]+)\.\$\{/g)].map(([, family]) => `${family}.`);
  const unused = Object.keys(MESSAGES).filter(
    (key) => !code.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)),
  );
  expect(unused).toEqual([]);
});
