import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Pages for whoever changes the code name rooms and files that are there. */

const ROOT = path.join(__dirname, '..', '..');
const read = (page: string): string => readFileSync(path.join(ROOT, page), 'utf8');

test('the table of rooms is what the lint rule allows', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the configuration of ESLint is CommonJS
  const config = require('../../eslint.config.js') as { rules?: Record<string, unknown> }[];
  const rule = config.map(({ rules }) => rules?.['boundaries/element-types']).find(Array.isArray) as [
    string,
    { rules: { from: string; allow: string[] }[] },
  ];
  const allowed = rule[1].rules.map(({ from, allow }) => [
    from,
    allow.filter((room) => room !== from).sort(),
  ]);
  const names = (cell: string): string[] => [...cell.matchAll(/`([a-z]+)`/g)].map(([, name]) => name ?? '');
  const table = [...read('ARCHITECTURE.md').matchAll(/^\| `([a-z]+)` *\|[^|]*\|[^|]*\|([^|]*)\|$/gm)].map(
    ([, room, imports = '']) => [room, names(imports).sort()],
  );
  expect(Object.fromEntries(table)).toEqual(Object.fromEntries(allowed));
  expect(allowed.length).toBeGreaterThan(10);
});

test('no folder of the program has more than 20 files', () => {
  const files = ['src', 'projections'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    ),
  );
  const counts = new Map<string, number>();
  for (const { parentPath } of files) counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  expect(counts.size).toBeGreaterThan(20);
});

/** Names in backticks that are paths in this repository; a pattern or a name to fill in is none. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:src|projections|test|bench|bin|docs|schema|deploy|changes)\/[\w./-]*)`/g)].map(
    ([, name]) => name ?? '',
  );

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'test/model-checker/README.md', 'docs/decisions/README.md'])(
  'every path that %s names is there',
  (page) => {
    expect(pathsIn(read(page)).filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  },
);

test('the invariants name tests', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
  const proofs = rows.flatMap(([, , , cell = '']) =>
    pathsIn(cell).filter((name) => name.startsWith('test/')),
  );
  expect(proofs.length).toBeGreaterThan(20);
});
