import { readErasures, writeErasures, type ErasureList } from './erasure-list';
import { BackupError } from './errors';
import { contentOf, factsOf } from './files';
import { BackupFolder, dropUnnamed, ERASURES_FOLDER, onFiles, saveNamed } from './folder';
import type { BackedUpFile, Manifest } from './manifest';

/** The list of erasures within a backup. */

/** Subject of the list in the list of files. */
export const ERASURES = 'erasures';

const NAME = /^erasures-[0-9a-f]{8}\.json(?:\.new)?$/;

/** Writes the list under a name of its content, as with a key: a backup that does not end leaves the one before. */
export function saveErasures(folder: BackupFolder, list: ErasureList): BackedUpFile {
  const content = Buffer.from(writeErasures(list));
  return saveNamed(folder, content, {
    name: ERASURES_FOLDER,
    kind: 'erasures',
    extension: 'json',
    holds: ERASURES,
  });
}

/** Removes lists that the manifest names no more. */
export const dropOtherErasures = (folder: BackupFolder, manifest: Manifest): void =>
  dropUnnamed(folder, ERASURES_FOLDER, { manifest, pattern: NAME });

/**
 * Reads a list from a file, or from the folder of a backup.
 * @throws BackupError `ERASURES_UNREADABLE`, or why it is no backup
 */
export function erasuresAt(place: string, program: string): ErasureList {
  const facts = onFiles('BACKUP_UNREADABLE', place, () => factsOf(place));
  if (!facts?.isDirectory()) return listIn(place);
  const folder = new BackupFolder(place);
  const saved = folder.demandManifest(program).files.find(({ holds }) => holds === ERASURES);
  if (!saved)
    throw new BackupError('ERASURES_UNREADABLE', `The backup in ${folder.path} has no list of erasures.`);
  return listIn(folder.in(saved.path));
}

function listIn(file: string): ErasureList {
  const content = onFiles('BACKUP_UNREADABLE', file, () => contentOf(file));
  if (content === null) throw new BackupError('ERASURES_UNREADABLE', `There is no file ${file}.`);
  return readErasures(content.toString('utf8'), file);
}
