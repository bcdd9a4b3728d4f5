import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PartReport } from './part';

/** The last result, for everybody to see. */

const FOLDER = path.join('docs', 'figures');

export interface LongResult {
  readonly seed: number;
  readonly scale: number;
  readonly reports: readonly (readonly [name: string, report: PartReport])[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Writes the result to its file; that of chosen parts alone to one under their names. @returns the file
 */
export function writeRecord({ reports, ...result }: LongResult, only: readonly string[] = []): string {
  const file = path.join(FOLDER, `${['test-long', ...only].join('-')}.json`);
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const [cpu] = os.cpus();
  const record = {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', 'HEAD'),
    // Counts everything that is not in that commit, be it the result of an earlier run.
    changed: git('status', '--porcelain', '--untracked-files=no', '--', ':!docs').split('\n').filter(Boolean),
    node: process.version,
    machine: `${os.cpus().length} cores (${cpu?.model.trim()}), ${os.platform()}, load average ${os.loadavg()[1]?.toFixed(1)}`,
    ...result,
    parts: Object.fromEntries(
      reports.map(([name, { counts, checks }]) => [
        name,
        { counts, checks: checks.map(({ what, holds, found }) => ({ what, holds, found })) },
      ]),
    ),
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  return file;
}
