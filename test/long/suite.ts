import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Part, PartReport } from './part';

/** Factor by which the random tests of the suite try more at full scale than in `npm test`. */
const TIMES = 40;
const HANG_MS = 6 * 3_600_000;

/**
 * Tests of the suite whose counts grow with `ROLEBOOK_TEST_SCALE` (test/scale.ts), with a new seed. A failure prints the
 * seed and the path to its smallest case.
 */
const RANDOM_TESTS = [
  'test/operations/publication/race.test.ts',
  'test/model-checker/explorer.test.ts',
  'test/model-checker/key-book.test.ts',
  'test/model-checker/pairs.test.ts',
  'test/model-checker/three-commands.test.ts',
  'test/model-checker/unknown-outcome.test.ts',
  'test/domain',
  'test/event-store/model.test.ts',
  'test/event-store/embedded/stream-index.test.ts',
  'test/operations/csv.test.ts',
  'test/operations/export.test.ts',
  'test/operations/random-items.test.ts',
  'test/projections/rebuilt.test.ts',
  'test/whole',
];

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** The random tests of the suite, at full counts. */
export const randomTests: Part = ({ scale, seed }) => {
  const times = Math.max(1, TIMES * scale);
  return jest(
    RANDOM_TESTS,
    { ROLEBOOK_TEST_SCALE: String(times), ROLEBOOK_TEST_SEED: String(seed) },
    { times },
  );
};

/** Tests that take long by killing and by waiting: `*.long.test.ts`, which `npm test` leaves out. */
export const thoroughTests: Part = () => jest(['--testMatch', '**/*.long.test.ts']);

/** Runs tests of the suite; `counts` are told along with theirs. */
async function jest(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  counts: Readonly<Record<string, number>> = {},
): Promise<PartReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-long-'));
  try {
    const file = path.join(folder, 'report.json');
    const bin = require.resolve('jest/bin/jest');
    const options = ['--maxWorkers=2', '--json', `--outputFile=${file}`, `--testTimeout=${HANG_MS}`];
    const child = spawn(process.execPath, [bin, ...options, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    });
    await once(child, 'exit');
    const report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
    const sum = {
      passed: report.numPassedTests,
      // A file that does not load runs no test; it must not count as none failed.
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    };
    return { checks: [], counts: { ...sum, ...counts }, sum };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
