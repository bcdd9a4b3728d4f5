import { hkdfSync } from 'node:crypto';
import { hasOneText } from '../authentication/one-text';
import type { SigningKey } from '../authentication/signing-key';

/** Texts that browsers keep for this server and can neither read nor change: JWEs (`dir`, A256GCM). */

/** Purposes of texts. Each has a key of its own, so that a text of one purpose is none of another. */
export type Purpose = 'session' | 'sign-in under way' | 'sign-in code';

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';
const KEY_BYTES = 32;

/** The key of a purpose; every replica derives the same one. */
const keyFor = (key: SigningKey, purpose: Purpose): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, '', `rolebook console v1: ${purpose}`, KEY_BYTES));

export class Sealed<Content extends object> {
  private readonly key: Uint8Array;

  constructor(signingKey: SigningKey, purpose: Purpose) {
    this.key = keyFor(signingKey, purpose);
  }

  async seal(content: Content): Promise<string> {
    const { CompactEncrypt } = await import('jose');
    return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION })
      .encrypt(this.key);
  }

  /** The content of a text; null for any other text than one that was sealed for this purpose. */
  async open(text: string): Promise<Content | null> {
    if (!hasOneText(text)) return null;
    const { compactDecrypt } = await import('jose');
    try {
      const { plaintext } = await compactDecrypt(text, this.key, {
        keyManagementAlgorithms: [ALGORITHM],
        contentEncryptionAlgorithms: [ENCRYPTION],
      });
      return JSON.parse(Buffer.from(plaintext).toString('utf8')) as Content;
    } catch {
      return null;
    }
  }
}
