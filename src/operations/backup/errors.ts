export type BackupErrorCode =
  /** No backup is in the folder. */
  | 'BACKUP_NOT_FOUND'
  /** A backup was begun and has never ended. */
  | 'BACKUP_INCOMPLETE'
  /** Some of it is not what its manifest says. */
  | 'BACKUP_ALTERED'
  /** A later release made it. */
  | 'BACKUP_NEWER'
  /** The folder holds something else, or lies where a backup cannot. */
  | 'BACKUP_FOLDER'
  /** The folder holds the backup of another log, or one of the two was changed. */
  | 'BACKUP_OF_ANOTHER_LOG'
  /** Another backup into the folder is under way, or its log is being read. */
  | 'BACKUP_LOCKED'
  /** Something of the backup cannot be read, or what is to go into it. */
  | 'BACKUP_UNREADABLE'
  /** The folder cannot be written to, or is full. */
  | 'BACKUP_UNWRITABLE'
  /** The target of a restore holds something already. */
  | 'RESTORE_NOT_EMPTY'
  /** The target cannot be written to, or is full. */
  | 'RESTORE_UNWRITABLE'
  /** The log that was restored is not the one of the backup. */
  | 'RESTORE_DIFFERS'
  /** A list of erasures is not there, cannot be read, or is not what was written. */
  | 'ERASURES_UNREADABLE'
  /** A list of erasures is of a log that the backup is no copy of. */
  | 'ERASURES_OF_ANOTHER_LOG'
  /** The backup holds names in clear, and nobody can be erased from it. */
  | 'ERASURES_IN_CLEAR';

/** Refusal or failure of a backup or a restore; the message begins with the code. */
export class BackupError extends Error {
  override readonly name = 'BackupError';

  constructor(
    readonly code: BackupErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(`${code}: ${message}`, options);
  }
}
