'use strict';
/**
 * Builds the console where it is missing or a source is newer than it: installs its packages once for each lockfile, then
 * runs its build. Its packages are its own, so that its React never meets the one that GraphiQL brings.
 */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '..', 'console');
const inFolder = (...names) => path.join(folder, ...names);
const SOURCES = ['src', 'build', 'index.html', 'package.json', 'vite.config.ts'];

// Stamps are in node_modules, which an install empties; what is in dist is served.
const installed = inFolder('node_modules', '.rolebook-lockfile');
const built = inFolder('node_modules', '.rolebook-built');

function newest(name) {
  const { mtimeMs } = statSync(name);
  if (!statSync(name).isDirectory()) return mtimeMs;
  return readdirSync(name).reduce((latest, entry) => Math.max(latest, newest(path.join(name, entry))), 0);
}

function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: ['ignore', 2, 2], shell });
  if (error) process.stderr.write(`${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

function install() {
  const lockfile = createHash('sha256')
    .update(readFileSync(inFolder('package-lock.json')))
    .digest('hex');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lockfile) return;
  process.stderr.write('Installing the packages of the console (once for each lockfile) ...\n');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // On Windows npm is a script, which only a shell starts.
  run('npm', args, process.platform === 'win32');
  writeFileSync(installed, lockfile);
}

function isStale() {
  if (!existsSync(built) || !existsSync(inFolder('dist', 'index.html'))) return true;
  return Math.max(...SOURCES.map((name) => newest(inFolder(name)))) > statSync(built).mtimeMs;
}

/** Installs and builds what is missing. A package or an image without sources carries its build. */
function ensureConsoleBuilt() {
  if (!existsSync(inFolder('package-lock.json'))) return;
  install();
  if (!isStale()) return;
  process.stderr.write('Building the console ...\n');
  const begun = new Date();
  run(process.execPath, [inFolder('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn']);
  writeFileSync(built, begun.toISOString());
}

module.exports = { ensureConsoleBuilt };
