import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config';
import { makeOnce } from '../../shared/durable-file';

/** The key of this installation, which signs its own tokens. */

export type SigningKey = Uint8Array;

const KEY_BYTES = 32;

/**
 * Reads the key; if there is no file yet, creates one that only its owner can read.
 * @throws ConfigError for a file that holds no key, or cannot be read
 */
export function loadSigningKey({ signingKeyFile }: { readonly signingKeyFile: string }): SigningKey {
  try {
    if (!existsSync(signingKeyFile)) makeOnce(signingKeyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw faulty(signingKeyFile, `is not there and cannot be made (${code})`);
  }
  return readKey(signingKeyFile);
}

/**
 * The existing key; null if there is none.
 * @throws ConfigError for a file that holds no key, or cannot be read
 */
export const existingSigningKey = ({
  signingKeyFile,
}: {
  readonly signingKeyFile: string;
}): SigningKey | null => (existsSync(signingKeyFile) ? readKey(signingKeyFile) : null);

/** Reads the key. Errors do not repeat the content of the file: it may be a key with a digit missing. */
function readKey(file: string): SigningKey {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw faulty(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (content.length === KEY_BYTES) return new Uint8Array(content);
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  throw faulty(file, `is not ${KEY_BYTES} bytes, raw or as ${KEY_BYTES * 2} hex digits`);
}

const faulty = (file: string, what: string): ConfigError =>
  new ConfigError([`ROLEBOOK_SIGNING_KEY_FILE: ${file} ${what}.`]);
