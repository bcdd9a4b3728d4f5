'use strict';
/**
 * Runs the whole suite and ends with the plain sum `N passed, N failed, N skipped`.
 * Arguments go to jest: `npm test -- test/domain`.
 */
require('../bin/ensure-built.js');
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-test-'));
const report = path.join(folder, 'report.json');
const jest = require.resolve('jest/bin/jest');
const { status } = spawnSync(
  process.execPath,
  [jest, '--maxWorkers=2', '--json', `--outputFile=${report}`, ...process.argv.slice(2)],
  { stdio: ['ignore', 'ignore', 'inherit'], cwd: path.join(__dirname, '..') },
);

let sum = { passed: 0, failed: 1, skipped: 0 };
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  sum = {
    passed: result.numPassedTests,
    // A file that does not load runs no test; it must not count as none failed.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
} catch (error) {
  process.stderr.write(`The run left no report: ${error.message}\n`);
}
rmSync(folder, { recursive: true, force: true });
if (!process.env.EVENTSTOREDB_URL)
  console.log('EventStoreDB: not run (set EVENTSTOREDB_URL to run it against a server)');
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(status === 0 && sum.failed === 0 && sum.passed > 0 ? 0 : 1);
