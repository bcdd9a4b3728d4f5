import type { Config } from '../config/config';
import { openEmbeddedSeals } from '../event-store/embedded';
import type { EventStore } from '../event-store/port/event-store';
import type { SealStore } from '../event-store/port/seal-store';
import { readSealKeys } from '../transparency/follower/seal-key-file';
import type { SealingParts } from '../transparency/follower/seal-once';
import { TreeFile } from '../transparency/trees/tree-file';
import type { LogSettings } from './open-store';

/** Settings that name the seals of a log. */
export type SealSettings = LogSettings & Pick<Config, 'sealIntervalMs' | 'sealKeyFile' | 'logOrigin'>;

/** Opens the seals of the log that the settings name. @throws EventStoreError */
export async function openSeals(
  settings: LogSettings,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<SealStore> {
  const { eventStoreUrl: url, eventStoreUsername: username, eventStorePassword: password } = settings;
  if (!url) return openEmbeddedSeals({ directory: settings.dataDirectory, readOnly });
  const credentials = username && password ? { username, password } : null;
  const { openEventStoreDbSeals } = await import('../event-store/eventstoredb');
  return openEventStoreDbSeals({ url, credentials, streamPrefix: settings.streamPrefix });
}

/** Opens what it takes to seal a log, and closes it. @throws SealError; EventStoreError */
export async function withSealing<T>(
  settings: SealSettings,
  store: EventStore,
  work: (parts: SealingParts) => Promise<T>,
): Promise<T> {
  const { sealKeyFile: file, logOrigin: origin, sealIntervalMs: intervalMs } = settings;
  const seals = await openSeals(settings);
  try {
    const trees = TreeFile.toWrite(settings.dataDirectory);
    const mayBeMade = settings.eventStoreUrl === null;
    const keys: SealingParts['keys'] = (isFirst) => readSealKeys({ file, mayMake: isFirst && mayBeMade });
    try {
      return await work({ store, seals, trees, keys, origin, intervalMs, now: Date.now });
    } finally {
      trees.close();
    }
  } finally {
    await seals.close();
  }
}
