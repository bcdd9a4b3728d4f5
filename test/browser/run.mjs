/**
 * Runs the tests of the console in a real browser, and ends with the plain sum `N passed, N failed, N skipped`. Arguments
 * are files of tests; left out: all. Its packages are installed once for each lockfile.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const here = import.meta.dirname;
createRequire(import.meta.url)('../../bin/ensure-built.js');

const end = ({ passed = 0, failed = 0, skipped = 0 }) => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
};

const lock = createHash('sha256')
  .update(readFileSync(path.join(here, 'package-lock.json')))
  .digest('hex');
const stamp = path.join(here, 'node_modules', '.installed');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  const { status } = spawnSync('npm', ['ci', '--prefix', here, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    console.log('Browser: not run, its packages could not be installed');
    end({ failed: 1 });
  }
  writeFileSync(stamp, lock);
}

// The browser from npm unpacks itself there, which two runs at once must not do in one folder.
const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-browser-'));
process.env.TMPDIR = folder;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const { startBrowser } = await import('./browser.mjs');
const files = process.argv.slice(2).map((file) => path.resolve(file));
if (files.length === 0)
  for (const name of readdirSync(here)) if (name.endsWith('.test.mjs')) files.push(path.join(here, name));

try {
  const { browser, executable } = await startBrowser();
  console.log(`Browser: ${executable}, ${browser.version()}`);
  await browser.close();
  process.env.ROLEBOOK_CHROME = executable;
} catch (error) {
  console.log(`Browser: NOT RUN, none can be started here: ${String(error.message).split('\n')[0]}`);
  end({ skipped: files.length });
}

const sum = { passed: 0, failed: 0, skipped: 0 };
const tests = run({ files, concurrency: 1 });
const count = (kind) => (event) => {
  const { details, skip, todo } = event;
  // A file is counted by its tests, unless it fails by itself.
  if (details?.type === 'suite') return;
  sum[skip !== undefined || todo !== undefined ? 'skipped' : kind] += 1;
};
tests.on('test:pass', count('passed'));
tests.on('test:fail', count('failed'));
tests.compose(spec).pipe(process.stdout);
tests.on('end', () =>
  setImmediate(() => end(sum.passed + sum.failed + sum.skipped > 0 ? sum : { failed: 1 })),
);
