import { GCM_BYTES, openGcm, sealGcm } from './aes-gcm';
import { freshIv } from './iv';
import { CHECK_BYTES, type MasterKey, type MasterKeys } from './master-keys';
import { KeyBookError } from './port/key-book';
import type { StoredSegment } from './port/segment-store';
import { Segment } from './segment';

/**
 * Form of a sealed segment: version (1 byte), length of the master key's id (1 byte), the id, the check of the master key
 * (4 bytes), IV (12), ciphertext (32 for each slot), tag (16). AES-256-GCM; the additional data are the account, the id
 * of the segment and all that stands before the IV, so that no segment can be put in another's place.
 */

const VERSION = 1;

type Named = Pick<StoredSegment, 'id' | 'account'>;
type Sealed = Pick<StoredSegment, 'id' | 'account' | 'blob'>;

export function sealSegment(segment: Segment, master: MasterKey): Buffer {
  const header = Buffer.concat([
    Buffer.from([VERSION, master.id.length]),
    Buffer.from(master.id, 'latin1'),
    master.check,
  ]);
  const aad = additionalData(header, segment);
  return Buffer.concat([header, sealGcm(segment.bytes(), { key: master.key, aad }, freshIv())]);
}

/** @throws KeyBookError `MASTER_KEY_UNKNOWN`, `KEY_BOOK_CORRUPT` */
export function openSegment(stored: Sealed, masters: MasterKeys): Segment {
  const { header, sealed, masterKeyId, check } = parts(stored);
  const master = masters.find(masterKeyId);
  if (!master?.check.equals(check)) throw unknown(stored, masterKeyId, master !== undefined);
  try {
    const keys = openGcm(sealed, { key: master.key, aad: additionalData(header, stored) });
    return new Segment(stored.id, stored.account, keys);
  } catch (cause) {
    throw corrupt(stored, cause);
  }
}

/** Id of the master key that sealed a segment. @throws KeyBookError `KEY_BOOK_CORRUPT` */
export const masterKeyIdOf = (stored: Sealed): string => parts(stored).masterKeyId;

/** Check of the master key that sealed a segment. @throws KeyBookError `KEY_BOOK_CORRUPT` */
export const checkOf = (stored: Sealed): Buffer => parts(stored).check;

/** True if this very key sealed it. @throws KeyBookError `KEY_BOOK_CORRUPT` */
export function isSealedBy(stored: Sealed, { id, check }: MasterKey): boolean {
  const sealed = parts(stored);
  return sealed.masterKeyId === id && sealed.check.equals(check);
}

function parts(stored: Sealed) {
  const { blob } = stored;
  const idEnd = 2 + (blob[1] ?? 0);
  const headerEnd = idEnd + CHECK_BYTES;
  if (blob[0] !== VERSION || blob.length <= headerEnd + GCM_BYTES)
    throw corrupt(stored, 'it is not of a known form');
  return {
    header: blob.subarray(0, headerEnd),
    masterKeyId: blob.toString('latin1', 2, idEnd),
    check: blob.subarray(idEnd, headerEnd),
    sealed: blob.subarray(headerEnd),
  };
}

const additionalData = (header: Buffer, { account, id }: Named): Buffer =>
  Buffer.concat([header, Buffer.from(JSON.stringify([account, id]))]);

const corrupt = ({ id, account }: Named, cause: unknown): KeyBookError =>
  new KeyBookError('KEY_BOOK_CORRUPT', `Segment ${id} of ${account} in the key book cannot be opened.`, {
    cause,
  });

function unknown({ id, account }: Named, masterKeyId: string, isAnother: boolean): KeyBookError {
  const why = isAnother ? 'is another key there' : 'is not there';
  const name = /^[\w-]{1,32}$/.test(masterKeyId) ? masterKeyId : 'of a name that is none';
  return new KeyBookError(
    'MASTER_KEY_UNKNOWN',
    `Segment ${id} of ${account} in the key book is sealed by the master key ${name}, which ${why}.`,
  );
}
