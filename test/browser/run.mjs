/**
 * Runs the tests of the console in a real browser, and ends with the plain sum `N passed, N failed, N skipped`. Arguments
 * are files of tests; left out: all. Its packages are installed once for each lockfile.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { prepare } from './prepare.mjs';

const here = import.meta.dirname;

const end = ({ passed = 0, failed = 0, skipped = 0 }) => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
};

if (!prepare()) {
  console.log('Browser: not run, its packages could not be installed');
  end({ failed: 1 });
}

const { startBrowser } = await import('./browser.mjs');
const files = process.argv.slice(2).map((file) => path.resolve(file));
if (files.length === 0)
  for (const name of readdirSync(here)) if (name.endsWith('.test.mjs')) files.push(path.join(here, name));

let drawsText = false;
try {
  const { browser, executable } = await startBrowser();
  console.log(`Browser: ${executable}, ${browser.version()}`);
  const page = await browser.newPage();
  await page.setContent('<span>Rolebook</span>');
  drawsText = (await page.locator('span').boundingBox())?.width > 0;
  await browser.close();
  process.env.ROLEBOOK_CHROME = executable;
} catch (error) {
  console.log(`Browser: NOT RUN, none can be started here: ${String(error.message).split('\n')[0]}`);
  end({ skipped: files.length });
}

// Texts without a font have no size, and what has none is not visible: screens cannot be judged in such a browser.
const judged = drawsText ? files : files.filter((file) => file.endsWith('sign-in.test.mjs'));
const left = files.length - judged.length;
if (left > 0) console.log(`Browser: ${left} files NOT RUN, this browser draws no text: install Chromium`);
const sum = { passed: 0, failed: 0, skipped: left };
const tests = run({ files: judged, concurrency: 1 });
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
