import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { makeOnce } from '../../shared/durable-file';
import { SealKeys } from '../notes/seal-keys';
import { SealError } from '../seal-error';

/** The file of the keys that sign checkpoints. */

const KEY_BYTES = 32;
/** Keys at a time: the one that ends, and the one that begins. */
const MOST_KEYS = 2;

export interface SealKeyFile {
  /** Path; null where the settings name none and there is no default. */
  readonly file: string | null;
  /** True if a missing file may be made: for the first seal of a log, in its own data folder. */
  readonly mayMake: boolean;
}

/**
 * Reads the keys: 32 raw bytes, or 64 hex digits a line.
 * @throws SealError `SEAL_KEY`
 */
export function readSealKeys({ file, mayMake }: SealKeyFile): SealKeys {
  if (file === null)
    throw new SealError(
      'SEAL_KEY',
      'ROLEBOOK_SEAL_KEY_FILE: the file of the key that signs checkpoints of a log in EventStoreDB, the same for all replicas: 64 hex digits. openssl rand -hex 32 makes them.',
    );
  try {
    if (!existsSync(file) && mayMake) makeOnce(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
    return new SealKeys(seedsIn(readFileSync(file)));
  } catch (error) {
    if (error instanceof SealError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new SealError('SEAL_KEY', code === 'ENOENT' ? lost(file) : `${file} cannot be read (${code}).`, {
      cause: error,
    });
  }
}

const lost = (file: string): string =>
  `${file} is not there, and the log was sealed before: put the copy of this file back. Where it is lost, put another key there (openssl rand -hex 32) and run rolebook seal --new-key: who holds earlier checkpoints must be told of the new public key.`;

/** Errors do not repeat the content: it may be a key with a digit missing. */
function seedsIn(content: Buffer): readonly Uint8Array[] {
  if (content.length === KEY_BYTES) return [new Uint8Array(content)];
  const lines = content
    .toString('latin1')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isSound =
    lines.length > 0 && lines.length <= MOST_KEYS && lines.every((line) => /^[0-9a-f]{64}$/i.test(line));
  if (isSound) return lines.map((line) => new Uint8Array(Buffer.from(line, 'hex')));
  throw new SealError(
    'SEAL_KEY',
    `The file of the seal key is not ${KEY_BYTES} bytes, raw or as ${KEY_BYTES * 2} hex digits, on a line each, ${MOST_KEYS} at most.`,
  );
}
