import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const page = readFileSync(path.join(__dirname, '../../../docs/proof.md'), 'utf8');

/** The verifier that the guide shows. */
export const script: string = /```bash\n(set -euo[^]*?)```/.exec(page)?.[1] ?? '';

/** Runs it on a proof, in a folder of the test. */
export function runVerifier(
  folder: string,
  proof: string,
  key: string,
): { readonly status: number | null; readonly stdout: string } {
  const file = path.join(folder, 'event.tlog-proof');
  writeFileSync(file, proof);
  const { status, stdout } = spawnSync('bash', ['-c', script, 'verify.sh', file, key], { encoding: 'utf8' });
  return { status, stdout };
}
