import { createHmac } from 'node:crypto';
import { KeyBookError } from './port/key-book';
import { SecretBytes } from './secret-bytes';

/** A key that seals segments. */
export interface MasterKey {
  readonly id: string;
  readonly key: SecretBytes;
  /** Tells this key from another one under the same id, and nothing of the key. */
  readonly check: Buffer;
}

/** Master keys in their order. */
export interface MasterKeys {
  /** The first one: it seals. */
  readonly sealing: MasterKey;
  /** Ids of all, in their order. */
  readonly ids: readonly string[];
  find(id: string): MasterKey | undefined;
}

/** Gives the master keys as they are now; read again for each segment that is sealed, and where one is not known. */
export type MasterKeySource = () => MasterKeys;

export const CHECK_BYTES = 4;

/** `<id> <64 hex digits>`. An id is shorter than a key, so that no message takes a key for one. */
const LINE = /^([A-Za-z0-9][A-Za-z0-9_-]{0,31})[ \t]+([0-9a-fA-F]{64})$/;

/**
 * Reads the text of a file of master keys: a key a line, blank lines and lines that begin with `#` left out.
 * @throws KeyBookError `MASTER_KEY_FILE`, which names lines and repeats nothing of them
 */
export function parseMasterKeys(text: string): MasterKeys {
  const found: { readonly line: number; readonly id: string; readonly hex: string }[] = [];
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) return;
    const line = index + 1;
    const [, id, digits] = LINE.exec(content) ?? [];
    if (id === undefined || digits === undefined)
      throw faulty(`line ${line} is not an id and 64 hex digits, with a space between`);
    const hex = digits.toLowerCase();
    if (/^0+$/.test(hex)) throw faulty(`the key in line ${line} is nothing but zeros`);
    const same = found.find((other) => other.id === id || other.hex === hex);
    if (same)
      throw faulty(`line ${line} has the ${same.id === id ? 'id' : 'key'} of line ${same.line} again`);
    found.push({ line, id, hex });
  });
  const keys = found.map(({ id, hex }) => masterKey(id, Buffer.from(hex, 'hex')));
  const [sealing] = keys;
  if (!sealing) throw faulty('there is no key in it');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return { sealing, ids: [...byId.keys()], find: (id) => byId.get(id) };
}

function masterKey(id: string, bytes: Buffer): MasterKey {
  const check = createHmac('sha256', bytes).update('rolebook master key').digest().subarray(0, CHECK_BYTES);
  return { id, key: new SecretBytes(bytes), check };
}

const faulty = (what: string): KeyBookError =>
  new KeyBookError('MASTER_KEY_FILE', `The file of master keys: ${what}.`);
