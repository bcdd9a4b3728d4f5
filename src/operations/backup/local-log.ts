import {
  EventStoreError,
  type Append,
  type AppendResult,
  type EventStore,
} from '../../event-store/port/event-store';
import type { BackupLog } from '../../event-store/port/reserved';
import type { CopySource, CopyTarget } from '../log/copy';
import { BackupError } from './errors';

/**
 * Logs in files of this machine: their failures are told as what they are to a backup, and at once, for no waiting mends a
 * full disk or a flipped bit.
 */

/** Opens the log within a backup: to read, or to continue it. */
export type OpenBackupLog = (
  directory: string,
  options: { readonly readOnly: boolean },
) => Promise<BackupLog>;

/** Reads of the log within a backup. */
export const readsOf = (log: EventStore, place: string): Omit<CopySource, 'head'> => ({
  line: () => log.line(),
  format: () => log.format(),
  origin: () => log.origin(),
  readAll: (options) => guarded(log.readAll(options), (error) => unreadable(error, place)),
  readStream: (...args) => guarded(log.readStream(...args), (error) => unreadable(error, place)),
});

/** The log within a backup, or of a restore into a data folder, to be filled. */
export function fillingOf(
  log: EventStore,
  place: string,
  code: 'BACKUP_UNWRITABLE' | 'RESTORE_UNWRITABLE',
): CopyTarget {
  return {
    readAll: readsOf(log, place).readAll,
    takeLine: (line) =>
      log.takeLine(line).catch((error: unknown) => {
        throw unwritable(error, place, code);
      }),
    takeFormat: (...args) =>
      log.takeFormat(...args).catch((error: unknown) => {
        throw unwritable(error, place, code);
      }),
    async *appendInOrder(appends) {
      // Failures of the log that is read pass through here, and are no failures of this one.
      let elsewhere: unknown = null;
      const given = async function* (): AsyncGenerator<Append, void, undefined> {
        try {
          yield* appends;
        } catch (error) {
          elsewhere = error;
          throw error;
        }
      };
      const results: AsyncIterable<AppendResult> = log.appendInOrder(given());
      yield* guarded(results, (error) => (error === elsewhere ? error : unwritable(error, place, code)));
    },
  };
}

/** Opens the log within a backup to read. @throws BackupError */
export async function openToRead(open: OpenBackupLog, place: string): Promise<BackupLog> {
  return open(place, { readOnly: true }).catch((error: unknown) => {
    throw unreadable(error, place);
  });
}

/** Opens the log within a backup to continue it, or makes it. @throws BackupError */
export async function openToContinue(open: OpenBackupLog, place: string): Promise<BackupLog> {
  return open(place, { readOnly: false }).catch((error: unknown) => {
    if (!(error instanceof EventStoreError)) throw error;
    if (error.code === 'LOG_IN_USE' || error.code === 'RESTORE_UNFINISHED')
      throw new BackupError('BACKUP_FOLDER', `${place} holds a log that is no part of a backup.`);
    if (error.code === 'CORRUPT') throw unreadable(error, place);
    throw unwritable(error, place, 'BACKUP_UNWRITABLE');
  });
}

async function* guarded<T>(
  source: AsyncIterable<T>,
  told: (error: unknown) => unknown,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* source;
  } catch (error) {
    throw told(error);
  }
}

function unreadable(error: unknown, place: string): unknown {
  if (!(error instanceof EventStoreError)) return error;
  const damaged = error.code === 'CORRUPT';
  return new BackupError(
    damaged ? 'BACKUP_ALTERED' : 'BACKUP_UNREADABLE',
    `The log in ${place} ${damaged ? 'is damaged' : 'cannot be read'}: ${error.message}.`,
    { cause: error },
  );
}

/** Says why a log of this machine cannot be written; `LOCKED` alone is not for this disk to mend. */
export function unwritable(
  error: unknown,
  place: string,
  code: 'BACKUP_UNWRITABLE' | 'RESTORE_UNWRITABLE',
): unknown {
  if (!(error instanceof EventStoreError)) return error;
  const failed = ['UNAVAILABLE', 'UNKNOWN_OUTCOME', 'DENIED'].includes(error.code);
  if (error.code === 'LOCKED')
    return new BackupError('BACKUP_LOCKED', `Another process writes to the log in ${place}.`);
  return failed
    ? new BackupError(code, `The log in ${place} cannot be written: ${error.message}.`, { cause: error })
    : error;
}
