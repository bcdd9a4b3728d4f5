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
  ])('%p becomes %p', (given, expected) => {
    if (given === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = given;
    jest.isolateModules(() => void jest.requireActual('../../src/config/production'));
    expect(process.env['NODE_ENV']).toBe(expected);
  });
});
