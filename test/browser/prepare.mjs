import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/**
 * Installs the packages of these tests once for each lockfile, builds what changed, and gives the browser a folder of its own:
 * that from npm unpacks itself there, which two runs at once must not do in one folder. False: the packages are not there.
 */
export function prepare() {
  const require = createRequire(import.meta.url);
  const { installOnce } = require('../../bin/build-steps.js');
  require('../../bin/ensure-built.js');
  if (!installOnce(import.meta.dirname, 'the browser tests')) return false;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-browser-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return true;
}
