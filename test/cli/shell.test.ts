import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellCommand } from '../../src/cli/shell';

/** Commands that are printed to be pasted: a shell reads the very words. */

const readByShell = (words: readonly string[]): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${shellCommand(...words)}`])
    .toString()
    .split('\0')
    .slice(0, -1);

test('a plain word stays plain, any other is quoted', () => {
  expect(shellCommand('npx', 'rolebook', 'token', 'ana.horvat@x')).toBe('npx rolebook token ana.horvat@x');
  const words = [
    "o'neil",
    'two words',
    '$HOME',
    '`id`',
    '',
    'a;b',
    '"q"',
    '-x',
    'a\\b',
    'Łódź',
    '*',
    '~',
    '#x',
    '!!',
  ];
  expect(readByShell(words)).toEqual(words);
});

test('whatever the words are', () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab\'"\\ $`!*?~#&;|<>(){}[]=-\n\u00e9'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      expect(readByShell(words)).toEqual(words);
    }),
    { numRuns: 30 },
  );
});
