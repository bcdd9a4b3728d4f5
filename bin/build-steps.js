'use strict';
/** Steps that builds share: how new sources are, and packages that are installed once for each lockfile. */
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/** Time of the newest change of a file, or of what is in a folder, in milliseconds since 1970. */
function newest(name) {
  const stats = statSync(name);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(name).reduce((latest, entry) => Math.max(latest, newest(path.join(name, entry))), 0);
}

/** Installs the packages of a folder unless those of its lockfile are there. `what`: says whose they are. False: it failed. */
function installOnce(folder, what) {
  // The stamp is in node_modules, which an install empties.
  const stamp = path.join(folder, 'node_modules', '.rolebook-lockfile');
  const lockfile = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return true;
  process.stderr.write(`Installing the packages of ${what} (once for each lockfile) ...\n`);
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  // On Windows npm is a script, which only a shell starts.
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], shell });
  if (error) process.stderr.write(`${error.message}\n`);
  if (status !== 0) return false;
  writeFileSync(stamp, lockfile);
  return true;
}

module.exports = { installOnce, newest };
