import { EventStoreError, type EventStore } from './event-store';

/**
 * Logs that are no logs in use: the one within a backup, which nothing but a backup may write to, and one that a restore
 * fills, which nobody else may open until it is whole. The store itself keeps the note, beside the events and in no copy
 * of them, so that no way of opening the log passes it by.
 */

/** Purpose that a log is opened for. */
export type LogPurpose = 'use' | 'backup' | 'restore';

/** The log within a backup, open to be continued. */
export interface BackupLog extends EventStore {
  /**
   * Leaves all of the log in one file that can be read without writing beside it. Nothing may be appended afterwards.
   * @throws EventStoreError `LOCKED` while others read the file
   */
  seal(): Promise<void>;
}

/** A log that a restore fills. Between the two calls whoever opens it for anything else gets `RESTORE_UNFINISHED`. */
export interface RestoreTarget extends EventStore {
  /** Reserves an empty log, or one that a restore reserved before. @throws EventStoreError `LOG_IN_USE` for any other */
  beginRestore(): Promise<void>;
  /** Opens the log to everyone. */
  endRestore(): Promise<void>;
}

export const restoreUnfinished = (where: string, instead: string): EventStoreError =>
  new EventStoreError(
    'RESTORE_UNFINISHED',
    `RESTORE_UNFINISHED: A restore into ${where} has not ended, so the log is not whole. Run the same rolebook restore again; it goes on where it stopped. Or ${instead}.`,
  );

export const logInUse = (where: string): EventStoreError =>
  new EventStoreError('LOG_IN_USE', `LOG_IN_USE: There is a log in ${where} already.`);

export const logOfBackup = (where: string): EventStoreError =>
  new EventStoreError(
    'LOG_OF_BACKUP',
    `LOG_OF_BACKUP: ${where} is part of a backup, which nothing else may write to. rolebook restore makes a data folder of it.`,
  );
