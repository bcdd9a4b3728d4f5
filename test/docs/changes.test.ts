import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newDirectory, removeDirectory } from '../directories';

/** Joins changes into CHANGELOG.md in a folder of its own, as `npm version` does at a release. */

const ROOT = path.join(__dirname, '..', '..');
const BEFORE = '# Changelog\n\nA line.\n\n## 0.1.0\n\n- The first.\n';
const directories: string[] = [];
afterAll(() => directories.forEach(removeDirectory));

function repository(changes: Readonly<Record<string, string>>, version = '0.2.0'): string {
  const root = newDirectory();
  directories.push(root);
  mkdirSync(path.join(root, 'changes'));
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ version }));
  writeFileSync(path.join(root, 'CHANGELOG.md'), BEFORE);
  writeFileSync(path.join(root, 'changes', 'README.md'), '# How\n');
  for (const [name, text] of Object.entries(changes)) writeFileSync(path.join(root, 'changes', name), text);
  return root;
}

const join = (root: string) =>
  spawnSync(process.execPath, [path.join(ROOT, 'bin', 'join-changes.js'), root], { encoding: 'utf8' });
const changelogOf = (root: string): string => readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');

test('joins changes by kind and subject under the new version, and deletes their files', () => {
  const root = repository({
    'search.fixed.md': '- Finds all.\n',
    'roles.added.md': '- Colours,\n  of custom roles.\n- Icons.\n',
    'accounts.added.md': '- Closing an account.\n',
    'log.upgrade.md': '- Stop all replicas.\n',
  });
  expect(join(root)).toMatchObject({ status: 0, stdout: 'CHANGELOG.md: 0.2.0, 4 changes\n' });
  const [, date] = /^## 0\.2\.0 \((\d{4}-\d\d-\d\d)\)$/m.exec(changelogOf(root)) ?? [];
  expect(changelogOf(root)).toBe(
    [
      '# Changelog\n',
      'A line.\n',
      `## 0.2.0 (${date})\n`,
      '### Before you upgrade\n',
      '- Stop all replicas.\n',
      '### Added\n',
      '- Closing an account.\n- Colours,\n  of custom roles.\n- Icons.\n',
      '### Fixed\n',
      '- Finds all.\n',
      '## 0.1.0\n',
      '- The first.\n',
    ].join('\n'),
  );
  expect(readdirSync(path.join(root, 'changes'))).toEqual(['README.md']);
});

test.each([
  ['a name without a kind', { 'search.md': '- A.\n' }, '0.2.0', 'changes/search.md: name it'],
  ['an unknown kind', { 'search.better.md': '- A.\n' }, '0.2.0', 'changes/search.better.md: name it'],
  ['a heading', { 'search.fixed.md': '- A.\n\n## B\n' }, '0.2.0', 'changes/search.fixed.md: a list'],
  ['an empty file', { 'search.fixed.md': '\n' }, '0.2.0', 'changes/search.fixed.md: a list'],
  ['a version that is released', { 'search.fixed.md': '- A.\n' }, '0.1.0', 'a section for 0.1.0 already'],
  ['no changes', {}, '0.2.0', 'nothing to release'],
] as [string, Record<string, string>, string, string][])(
  'refuses %s, and writes nothing',
  (_what, changes, version, reason) => {
    const root = repository({ ...changes }, version);
    const { status, stderr } = join(root);
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
    expect(changelogOf(root)).toBe(BEFORE);
    expect(readdirSync(path.join(root, 'changes')).sort()).toEqual(
      ['README.md', ...Object.keys(changes)].sort(),
    );
  },
);

test('the changes that wait for the next release can be joined', () => {
  const waiting = readdirSync(path.join(ROOT, 'changes')).filter((name) => name !== 'README.md');
  const root = repository(waiting.length === 0 ? { 'none.fixed.md': '- None.\n' } : {}, '999.0.0');
  for (const name of waiting)
    copyFileSync(path.join(ROOT, 'changes', name), path.join(root, 'changes', name));
  expect(join(root)).toMatchObject({ status: 0, stderr: '' });
});
