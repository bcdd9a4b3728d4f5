import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REFUSAL_CODES } from '../../src/domain/refusal';
import { ERROR_CODES } from '../../src/graphql/errors';
import { errorRows } from '../../src/http/error-codes/error-table';

/** Tables that people write hold all that the code has. */

const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

/** Cells of each row of all tables of a page. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

describe('error codes', () => {
  const rows = rowsOf(read('docs', 'error-codes.md'));
  const rowOf = (code: string): { place?: string; status?: string; retry?: string } => {
    const [[, place, status, retry] = []] = rows.filter(([names]) => namesIn(names).includes(code));
    return { place, status, retry };
  };
  const statusOf = (code: string): string[] => rowOf(code).status?.split(', ') ?? [];
  const codesIn = (table: readonly string[][], column: number): string[] =>
    table.flatMap((row) => namesIn(row[column])).filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name));

  test('every code of GraphQL stands there with its HTTP status', () => {
    for (const [code, status] of Object.entries(ERROR_CODES))
      expect([code, rowOf(code).place, statusOf(code)]).toEqual([
        code,
        'top level',
        expect.arrayContaining([String(status)]),
      ]);
  });

  test('every refusal stands there', () => {
    for (const code of Object.keys(REFUSAL_CODES))
      expect([code, rowOf(code)]).toEqual([
        code,
        expect.objectContaining({ place: expect.stringContaining('payload') }),
      ]);
  });

  test('each has one row, and one kind among those that a frontend tells apart', () => {
    const codes = codesIn(rows, 0);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    const all = errorRows().map(({ code }) => code);
    expect(all.length).toBeGreaterThan(60);
    expect(codes).toEqual(expect.arrayContaining(all));
    const [, remedies = ''] = read('docs', 'frontend.md').split('<!-- remedies -->');
    expect(codesIn(rowsOf(remedies), 1).sort()).toEqual([...all].sort());
  });

  test('each says whether to send it again: where that is so, the status lets a client know', () => {
    for (const { code, statuses } of errorRows()) {
      const { retry } = rowOf(code);
      expect([code, retry]).toEqual([code, expect.stringMatching(/^(yes|later|mended|no)$/)]);
      if (statuses.includes(503))
        expect([code, retry]).toEqual([code, expect.stringMatching(/^(yes|later)$/)]);
    }
  });

  test('every code that HTTP refuses with stands there with its status', () => {
    const folder = path.join(ROOT, 'src', 'http');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const sources = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const faults = sources.flatMap((source) => [
      ...source.matchAll(/new HttpError\(\s*(\d{3}),\s*'([A-Z_]+)'/g),
    ]);
    expect(faults.length).toBeGreaterThan(8);
    for (const [, status, code = ''] of faults)
      expect([code, statusOf(code)]).toEqual([code, expect.arrayContaining([status])]);
  });
});

test('every dependency has its line', () => {
  const used = ['package.json', 'console/package.json'].flatMap((file) => {
    const { dependencies, devDependencies } = JSON.parse(read(file)) as Record<string, object>;
    return [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
  });
  const named = new Set(rowsOf(read('docs', 'dependencies.md')).flatMap(([names]) => namesIn(names)));
  expect(used.filter((name) => !named.has(name))).toEqual([]);
  expect([...named].filter((name) => !used.includes(name))).toEqual([]);
});
