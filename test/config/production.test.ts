import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Libraries are told that this is no development before any of them is loaded. */

const ENTRIES = [
  'src/app/main.ts',
  'src/cli/main.ts',
  'bench/watched-server.ts',
  'bench/rebuilding-server.ts',
];

test.each(ENTRIES)('%s says it first', (file) => {
  const text = readFileSync(path.join(__dirname, '../..', file), 'utf8');
  expect(text).toMatch(/^import '(\.\.\/|\.\.\/src\/)config\/production';\n/);
});

describe('NODE_ENV', () => {
  const before = process.env['NODE_ENV'];
  afterEach(() => {
    process.env['NODE_ENV'] = before;
  });

  test.each([
    [undefined, 'production'],
    ['', 'production'],
    ['development', 'development'],
    ['production', 'production'],
  ])('%p becomes %p, and is declared only if it was given', (given, expected) => {
    if (given === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = given;
    let isDeclared: unknown;
    jest.isolateModules(() => {
      isDeclared = jest.requireActual<{ isDeclaredProduction: boolean }>(
        '../../src/config/production',
      ).isDeclaredProduction;
    });
    expect(isDeclared).toBe(given === 'production');
    expect(process.env['NODE_ENV']).toBe(expected);
  });
});
