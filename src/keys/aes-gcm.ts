import { createCipheriv, createDecipheriv } from 'node:crypto';
import { IV_BYTES } from './iv';
import type { SecretBytes } from './secret-bytes';

/** AES-256-GCM in one form: IV (12 bytes), ciphertext, tag (16 bytes). */

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Bytes that the form adds to what it encrypts. */
export const GCM_BYTES = IV_BYTES + TAG_BYTES;

export interface GcmParameters {
  readonly key: SecretBytes;
  /** Additional data: opening wants the same. */
  readonly aad: Buffer;
}

/** Encrypts. An IV must never serve two plaintexts under one key. */
export function sealGcm(plaintext: Buffer, { key, aad }: GcmParameters, iv: Buffer): Buffer {
  const cipher = createCipheriv(ALGORITHM, key.bytes, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what has `GCM_BYTES` at least. @throws Error for another key, other additional data or altered bytes */
export function openGcm(sealed: Buffer, { key, aad }: GcmParameters): Buffer {
  const tagStart = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key.bytes, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad).setAuthTag(sealed.subarray(tagStart));
  const plaintext = decipher.update(sealed.subarray(IV_BYTES, tagStart));
  // Checks the tag; a cipher that encrypts a stream holds back no plaintext.
  decipher.final();
  return plaintext;
}
