import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LIMITS, weigh, type BuiltFile } from '../../console/build/weigh';

/** The built console, as it is served, and the limits that hold it small. */

const CONSOLE = path.join(__dirname, '../../console');
const ASSETS = path.join(CONSOLE, 'dist', 'assets');
const page = readFileSync(path.join(CONSOLE, 'dist', 'index.html'), 'utf8');
const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));

test('there is one React, of the version that the console asks for', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(CONSOLE, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const code = scripts.map((name) => readFileSync(path.join(ASSETS, name), 'utf8')).join('\n');
  // Both packages carry their version as a string; nothing else of this bundle looks like one of React.
  const versions = new Set(code.match(/(?<=["'`])(?:1[6-9]|2\d)\.\d+\.\d+(?=["'`])/g));
  expect([...versions]).toEqual([dependencies.react]);
});

test('the page names its own files alone, relative to the base that the server writes', () => {
  expect(page.match(/<base href="\/console\/" ?\/?>/g)).toHaveLength(1);
  const names = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, name]) => name ?? '');
  expect(
    names.filter((name) => name !== '/console/').every((name) => /^\.\/assets\/[\w-]+\.\w+$/.test(name)),
  ).toBe(true);
  expect(names.length).toBeGreaterThan(3);
  // The content security policy allows no inline script and no inline style.
  expect(page).not.toMatch(/<style|style="|<script(?![^>]* src=)/);
});

describe('a build that is too large fails', () => {
  // Random text, which gzip cannot make smaller than three quarters.
  const text = (kilobytes: number): string =>
    Array.from({ length: kilobytes * 1000 }, () => Math.random().toString(36)[2]).join('');
  const chunk = (fileName: string, kilobytes: number, rest: object = {}): BuiltFile => ({
    type: 'chunk',
    fileName,
    code: text(kilobytes),
    imports: [],
    isEntry: false,
    isDynamicEntry: false,
    ...rest,
  });
  const entry = chunk('index.js', 1, { isEntry: true, imports: ['shared.js'] });
  const shared = chunk('shared.js', 1);
  const faultsOf = (...files: BuiltFile[]): string[] => weigh([entry, shared, ...files]).faults;

  test('a small one passes', () => expect(faultsOf()).toEqual([]));

  test('the first view counts what it imports', () => {
    const heavy = chunk('heavy.js', LIMITS.firstView * 1.7);
    expect(weigh([{ ...entry, imports: ['heavy.js'] } as BuiltFile, heavy]).faults).toEqual([
      expect.stringContaining('first view'),
    ]);
  });

  test('a screen counts only what it brings', () => {
    const screen = chunk('screen.js', LIMITS.screen * 1.7, { isDynamicEntry: true, imports: ['shared.js'] });
    expect(faultsOf(screen)).toEqual([expect.stringContaining('screen.js')]);
  });

  test('fonts count together', () => {
    const font = (fileName: string): BuiltFile => ({
      type: 'asset',
      fileName,
      source: new Uint8Array(70_000),
    });
    expect(faultsOf(font('a.woff2'), font('b.woff2'))).toEqual([expect.stringContaining('fonts')]);
  });
});
