'use strict';
/**
 * Moves `changes/*.md` into CHANGELOG.md as the section of the version that package.json names, and deletes them.
 * `npm version` runs it, between the new version number and the commit. Anything malformed: exit code 1, nothing written.
 * An argument names another folder than the repository; the test gives one.
 */
const { readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(process.argv[2] ?? path.join(__dirname, '..'));
const folder = path.join(root, 'changes');
const changelog = path.join(root, 'CHANGELOG.md');
const HEADINGS = {
  upgrade: 'Before you upgrade',
  added: 'Added',
  changed: 'Changed',
  fixed: 'Fixed',
};

function changes() {
  return readdirSync(folder)
    .filter((name) => name !== 'README.md')
    .sort()
    .map((name) => {
      const kind = /^[a-z0-9-]+\.([a-z]+)\.md$/.exec(name)?.[1] ?? '';
      if (!Object.hasOwn(HEADINGS, kind))
        throw new Error(
          `changes/${name}: name it subject.kind.md, kind one of ${Object.keys(HEADINGS).join(', ')}`,
        );
      const text = readFileSync(path.join(folder, name), 'utf8').trim();
      // A heading or loose text would end up among the headings of other changes.
      const odd = text.split('\n').find((line) => !/^(- |  |$)/.test(line));
      if (!text.startsWith('- ') || odd !== undefined)
        throw new Error(
          `changes/${name}: a list, each item after “- ”, its further lines indented by two spaces`,
        );
      return { name, kind, text };
    });
}

function join() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const before = readFileSync(changelog, 'utf8');
  if (before.split('\n').some((line) => line.startsWith('## ') && line.split(' ')[1] === version))
    throw new Error(`CHANGELOG.md has a section for ${version} already`);
  const found = changes();
  if (found.length === 0) throw new Error('changes/ is empty: there is nothing to release');
  const sections = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const texts = found.filter((change) => change.kind === kind).map(({ text }) => text);
    return texts.length === 0 ? [] : [`### ${heading}\n\n${texts.join('\n')}\n`];
  });
  const newest = before.indexOf('\n## ') + 1;
  if (newest === 0) throw new Error('CHANGELOG.md has no section to stand before');
  const date = new Date().toISOString().slice(0, 10);
  const section = [`## ${version} (${date})\n`, ...sections, ''].join('\n');
  writeFileSync(changelog, before.slice(0, newest) + section + before.slice(newest));
  for (const { name } of found) rmSync(path.join(folder, name));
  console.log(`CHANGELOG.md: ${version}, ${found.length} changes`);
}

try {
  join();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
