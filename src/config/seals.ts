import path from 'node:path';
import type { Setting, SettingsReader } from './settings-reader';

/** Settings of the seals of the log. */

export interface SealConfig {
  /** Least time between two seals; 0: the server does not seal by itself. */
  readonly sealIntervalMs: number;
  /** Null: none, with a log in EventStoreDB. */
  readonly sealKeyFile: string | null;
  /** Null: that of the seals, or one that follows from the identity of the log. */
  readonly logOrigin: string | null;
}

export const SEAL_SETTINGS = {
  sealIntervalMs: {
    name: 'ROLEBOOK_SEAL_INTERVAL_S',
    default: '60',
    description:
      'Least time in seconds between two [seals](proof.md) of the log, of all replicas together; nothing is sealed where nothing was recorded. 0: a server does not seal by itself.',
  },
  sealKeyFile: {
    name: 'ROLEBOOK_SEAL_KEY_FILE',
    default: '',
    description:
      'File of the key that signs checkpoints of the log: 32 bytes, raw or as 64 hex digits; in a change of keys two, a line each. Left out with the embedded log: `seal.key` in the data folder, made at the first seal. With `EVENTSTOREDB_URL` it must be set, and be the same for all replicas, or nothing is sealed.',
  },
  logOrigin: {
    name: 'ROLEBOOK_LOG_ORIGIN',
    default: '',
    description:
      'Name of the log in its checkpoints, one in the world: `example.com/roles`, say. It is fixed by the first seal. Left out: `rolebook/` and the identity of the log.',
  },
} as const satisfies Record<keyof SealConfig, Setting>;

const DAY_S = 86_400;
/** Names that a checkpoint and a key of notes can have. */
const ORIGIN = /^[\w.:-]+(?:\/[\w.:-]+)*$/;

/** Reads these settings; the reader collects the faults. `server`: address of the log’s server, null for none. */
export const readSeals = (
  read: SettingsReader,
  dataDirectory: string,
  server: string | null,
): SealConfig => ({
  sealIntervalMs: 1_000 * read.integer(SEAL_SETTINGS.sealIntervalMs, 0, DAY_S),
  sealKeyFile: fileOf(read.text(SEAL_SETTINGS.sealKeyFile), dataDirectory, server),
  logOrigin: read.matching(SEAL_SETTINGS.logOrigin, ORIGIN, 'example.com/roles') || null,
});

/** The file of the seal key that belongs to a data folder. */
export const sealKeyIn = (dataDirectory: string): string => path.join(dataDirectory, 'seal.key');

function fileOf(given: string, dataDirectory: string, server: string | null): string | null {
  if (given) return path.resolve(given);
  return server === null ? sealKeyIn(dataDirectory) : null;
}
