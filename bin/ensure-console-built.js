'use strict';
/**
 * Builds the console where it is missing or a source is newer than it: installs its packages once for each lockfile, then
 * runs its build. Its packages are its own, so that its React never meets the one that GraphiQL brings.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { installOnce, newest } = require('./build-steps.js');

const folder = path.join(__dirname, '..', 'console');
const inFolder = (...names) => path.join(folder, ...names);
const SOURCES = ['src', 'build', 'index.html', 'package.json', 'vite.config.ts'];

// In node_modules, which an install empties; what is in dist is served.
const built = inFolder('node_modules', '.rolebook-built');

function isStale() {
  if (!existsSync(built) || !existsSync(inFolder('dist', 'index.html'))) return true;
  return Math.max(...SOURCES.map((name) => newest(inFolder(name)))) > statSync(built).mtimeMs;
}

/** Installs and builds what is missing. A package or an image without sources carries its build. */
function ensureConsoleBuilt() {
  if (!existsSync(inFolder('package-lock.json'))) return;
  if (!installOnce(folder, 'the console')) process.exit(1);
  if (!isStale()) return;
  process.stderr.write('Building the console ...\n');
  const begun = new Date();
  const vite = [inFolder('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, vite, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(built, begun.toISOString());
}

module.exports = { ensureConsoleBuilt };
