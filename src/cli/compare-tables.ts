import { existsSync } from 'node:fs';
import path from 'node:path';
import { openReadOnly } from '../../projections';
import { NoReadModelsError } from '../../projections/view';
import { withOpenedLog } from '../app/sealing';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port/event-store';
import { projectAside } from '../operations/log/aside';

type OnProgress = (step: string, done: number, total: number | null) => void;

const NO_NAMES =
  'the read models were not compared: they hold names, and without the key book and its master key none can be read here';

/**
 * Faults of the read models of the data folder: the log is projected into temporary tables as far as they reach, and these are
 * compared.
 */
export const faultsOfTables = (
  store: EventStore,
  config: Config,
  onProgress: OnProgress,
): Promise<string[]> =>
  withOpenedLog(store, config, async (opened, isReadable) =>
    isReadable ? compareTables(opened, config.dataDirectory, onProgress) : [NO_NAMES],
  );

/** Projects the log into temporary tables as far as the existing ones reach, and compares. */
async function compareTables(
  store: EventStore,
  directory: string,
  onProgress: OnProgress,
): Promise<string[]> {
  if (!existsSync(directory)) return [`there are no read models in ${directory}`];
  let digest: string;
  try {
    const tables = openReadOnly(directory);
    digest = await tables.digest().finally(() => tables.close());
  } catch (error) {
    if (error instanceof NoReadModelsError) return [error.message];
    throw error;
  }
  const events = Number(digest.split(':')[0]);
  const anew = await projectAside(store, {
    directory,
    events,
    onProgress: ({ done }) => onProgress('Projecting events', done, events),
  });
  const stopped = anew.newer === null ? anew.poison : `this program is too old for ${anew.newer.type}`;
  if (anew.ordinal < events && stopped !== null)
    return [`the log cannot be projected as far as the tables in ${path.resolve(directory)}: ${stopped}`];
  return anew.digest === digest
    ? []
    : [`the tables in ${path.resolve(directory)} (${digest}) differ from a rebuild (${anew.digest})`];
}
