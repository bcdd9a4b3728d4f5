import path from 'node:path';
import { BackupError } from './errors';
import { contentOf, makeFolder, sha256, writeNew } from './files';
import { dropUnnamed, KEYS_FOLDER, onFiles, saveNamed, type BackupFolder } from './folder';
import type { BackedUpFile, Manifest } from './manifest';

/** Subject of a signing key in the list of files. */
export const SIGNING_KEY = 'signing-key';

/** Far more than a key has. */
const MOST_BYTES = 4_096;
const NAME = /^signing-[0-9a-f]{8}\.key(?:\.new)?$/;

/**
 * Copies the key that signs tokens under a name of its content, so that a backup which does not end leaves the key of the
 * one before; null where there is none. The key is copied as it is, whatever form it has.
 */
export function saveSigningKey(folder: BackupFolder, keyFile: string): BackedUpFile | null {
  const content = onFiles('BACKUP_UNREADABLE', keyFile, () => contentOf(keyFile));
  if (content === null) return null;
  if (content.length === 0 || content.length > MOST_BYTES)
    throw new BackupError('BACKUP_UNREADABLE', `${keyFile} is no signing key.`);
  return saveNamed(folder, content, {
    name: KEYS_FOLDER,
    kind: 'signing',
    extension: 'key',
    holds: SIGNING_KEY,
  });
}

/** Removes keys that the manifest names no more. */
export const dropOtherKeys = (folder: BackupFolder, manifest: Manifest): void =>
  dropUnnamed(folder, KEYS_FOLDER, { manifest, pattern: NAME });

/** Fate of the signing key at a restore. `kept`: another one was there, and is there still. */
export type KeyRestored = 'none' | 'restored' | 'same' | 'kept';

/** Puts the signing key back, for its owner alone; one that is there is never overwritten. */
export function restoreSigningKey(folder: BackupFolder, manifest: Manifest, keyFile: string): KeyRestored {
  const saved = manifest.files.find(({ holds }) => holds === SIGNING_KEY);
  if (!saved) return 'none';
  const place = folder.in(saved.path);
  const content = onFiles('BACKUP_UNREADABLE', place, () => contentOf(place));
  if (content === null || sha256(content) !== saved.sha256)
    throw new BackupError('BACKUP_ALTERED', `${saved.path} is not the key that was backed up.`);
  return onFiles('RESTORE_UNWRITABLE', keyFile, () => {
    const present = contentOf(keyFile);
    if (present !== null) return present.equals(content) ? 'same' : 'kept';
    makeFolder(path.dirname(keyFile));
    writeNew(keyFile, content);
    return 'restored';
  });
}
