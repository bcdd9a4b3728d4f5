import type { EventStore } from '../event-store/port/event-store';
import type { StoreLogger } from '../event-store/eventstoredb';
import type { CopiedKeys } from '../keys/book/copy';
import type { OnProgress } from '../keys/port/key-book';
import type { KeysOfRestore } from '../operations/backup/restore-erasures';
import { erasingKeys } from '../sealing/erase-keys';
import { copyKeyBookOf, openKeyBookIfReadable, type KeyBookSettings } from './open-key-book';

export interface RestoreKeysOptions {
  /** Copy of the key book that is brought into the target's first; null: none. */
  readonly from: KeyBookSettings | null;
  readonly logger: StoreLogger;
  readonly onProgress: OnProgress;
  readonly onCopied: (copied: CopiedKeys) => void;
}

/**
 * Opens the key book of a log that is restored, once its copy is brought into it.
 * @throws ConfigError; KeyBookError, as `copyKeyBook` and `openKeyBook` do
 */
export async function keysOfRestore(
  log: EventStore,
  target: KeyBookSettings,
  { from, logger, onProgress, onCopied }: RestoreKeysOptions,
): Promise<KeysOfRestore | null> {
  if (from !== null) onCopied(await copyKeyBookOf(from, target, { logger, onProgress }));
  const book = await openKeyBookIfReadable(target, { readOnly: false, logger });
  return book && { erase: erasingKeys(log, book), close: () => book.close() };
}
