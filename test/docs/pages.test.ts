import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Links between the pages of this repository lead somewhere: to a file that is there, and to a heading in it. */

const ROOT = path.join(__dirname, '..', '..');
const SKIPPED = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);

function pagesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : pagesIn(name);
    return name.endsWith('.md') ? [name] : [];
  });
}

const pages = pagesIn('').sort();
const read = (page: string): string => readFileSync(path.join(ROOT, page), 'utf8');

/** Prose alone: what stands between fences is code. */
const prose = (text: string): string => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '``');

const linksOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

/** Anchors of headings, as GitHub makes them. */
const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.replace(/^```[^]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-'),
    ),
  );

/** The links of a page that lead nowhere. */
function broken(page: string): string[] {
  return linksOf(read(page)).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(ROOT, target))) return true;
    if (anchor === undefined) return false;
    return statSync(path.join(ROOT, target)).isDirectory() || !anchorsOf(read(target)).has(anchor);
  });
}

test('there are pages, with links between them', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/frontend.md', 'docs/operating.md']));
  expect(linksOf(read('README.md')).length).toBeGreaterThan(10);
});

test.each(pages)('every link of %s leads somewhere', (page) => {
  expect(broken(page)).toEqual([]);
});

test('every script of npm that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run ([a-z:-]+[a-z])/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
});

/** Lines of prose that are over 120 columns and have a space to break at, outside code. */
const tooLong = (text: string): string[] =>
  text
    .replace(/^```[^]*?^```/gm, '')
    .split('\n')
    .filter((line) => !line.startsWith('|') && [...line].length > 120)
    .filter((line) => {
      const solid = line.replace(/`[^`]*`/g, (code) => 'x'.repeat(code.length));
      return solid.replace(/^\s*(?:[-*]|\d+\.)?\s*/, '').includes(' ');
    });

test.each(pages)('the lines of %s fit a page', (page) => {
  expect(tooLong(read(page))).toEqual([]);
});

test('the README stays a page that is read to its end', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(200);
});
