import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** Keys of signed notes: Ed25519, with a name, and an id that follows from both. */

const ED25519 = 0x01;
const KEY_BYTES = 32;
/** DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** Names that a note can hold. */
const NAME = /^[^\s+\p{White_Space}\p{Cc}]+$/u;

export class NoteError extends Error {
  override readonly name = 'NoteError';
}

/** A public key by which notes are checked. */
export class VerifierKey {
  /** First four bytes of a hash of name and key, hex. */
  readonly id: string;
  readonly #object: KeyObject;

  constructor(
    readonly name: string,
    private readonly bytes: Buffer,
  ) {
    if (bytes.length !== KEY_BYTES) throw new NoteError('an Ed25519 key has 32 bytes');
    if (!NAME.test(name)) throw new NoteError(`${JSON.stringify(name)} is no name of a key`);
    this.id = keyId(name, bytes);
    const key = Buffer.concat([PUBLIC_PREFIX, bytes]);
    this.#object = createPublicKey({ key, format: 'der', type: 'spki' });
  }

  /** The key of a text `name+id+base64`. @throws NoteError */
  static parse(text: string): VerifierKey {
    const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
    const [, name = '', id = '', encoded = ''] = match ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (match === null || bytes[0] !== ED25519 || bytes.length !== 1 + KEY_BYTES)
      throw new NoteError('this is no public key of notes: name+id+base64, of an Ed25519 key');
    const key = new VerifierKey(name, bytes.subarray(1));
    if (key.id !== id)
      throw new NoteError('the id of the public key does not follow from its name and bytes');
    return key;
  }

  /** The key without its name, base64. */
  get publicKey(): string {
    return this.bytes.toString('base64');
  }

  /** The same key under the name of another tree. */
  named(name: string): VerifierKey {
    return new VerifierKey(name, this.bytes);
  }

  verifies(text: string, signature: Uint8Array): boolean {
    return verify(null, Buffer.from(text), this.#object, signature);
  }

  toString(): string {
    return `${this.name}+${this.id}+${Buffer.concat([Buffer.from([ED25519]), this.bytes]).toString('base64')}`;
  }
}

/** A private key that signs notes under a name. */
export class SigningNoteKey {
  readonly verifier: VerifierKey;
  readonly #privateKey: KeyObject;

  /** `seed`: the 32 bytes of an Ed25519 key. */
  constructor(name: string, seed: Uint8Array) {
    const key = Buffer.concat([PRIVATE_PREFIX, seed]);
    this.#privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.#privateKey).export({ format: 'der', type: 'spki' });
    this.verifier = new VerifierKey(name, spki.subarray(PUBLIC_PREFIX.length));
  }

  sign(text: string): Buffer {
    return sign(null, Buffer.from(text), this.#privateKey);
  }
}

const keyId = (name: string, publicKey: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey]), 'hex').slice(
    0,
    8,
  );
