'use strict';
/** Builds what is missing: compiles when there is no build or a source is newer than it; the console likewise. */
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, rmSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { ensureConsoleBuilt } = require('./ensure-console-built.js');

const root = path.join(__dirname, '..');
const stamp = path.join(root, 'dist', '.built');

function newest(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((latest, entry) => {
    const full = path.join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(full) : statSync(full).mtimeMs);
  }, 0);
}

function isStale() {
  // An image or a package without sources and compiler carries its build.
  if (!existsSync(path.join(root, 'tsconfig.build.json'))) return false;
  if (!existsSync(stamp)) return true;
  const sources = ['src', 'projections', 'bench', 'test/torture', 'test/long'].filter((folder) =>
    existsSync(path.join(root, folder)),
  );
  return Math.max(...sources.map((folder) => newest(path.join(root, folder)))) > statSync(stamp).mtimeMs;
}

/** Removes what was compiled from sources that are gone: it would be packed. */
function removeOrphans(folder = '') {
  for (const entry of readdirSync(path.join(root, 'dist', folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) removeOrphans(name);
    else if (name.endsWith('.js') && !existsSync(path.join(root, name.replace(/js$/, 'ts'))))
      rmSync(path.join(root, 'dist', name));
  }
}

if (isStale()) {
  process.stderr.write('Building ...\n');
  const tsc = require.resolve('typescript/bin/tsc', { paths: [root] });
  const { status } = spawnSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.build.json')], {
    stdio: ['ignore', 2, 2],
    cwd: root,
  });
  if (status !== 0) process.exit(status ?? 1);
  removeOrphans();
  writeFileSync(stamp, '');
}
ensureConsoleBuilt();
