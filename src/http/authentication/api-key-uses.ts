import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LastUses, UsedKey } from '../../graphql/user/last-uses';

/**
 * Last uses of API keys, as this replica saw them: no history, overwritten, and in no read model, so that they follow from
 * no event and no digest covers them. Kept in a file of the data folder, to which each key is written at most once a day,
 * and when the replica is closed. One that is killed forgets the uses of up to a day.
 */

export interface ApiKeyUses extends LastUses {
  /** Takes note of a use. `at`: milliseconds since 1970. */
  used(key: UsedKey, at: number): void;
  /** Writes what is not written yet. */
  close(): void;
}

/** A logger, as far as this file needs one. */
interface Warned {
  warn(fields: object, text: string): void;
}

const DAY_MS = 86_400_000;
/** Keys are valid for a year at most: what was last used before is of a key that ended. */
const KEPT_MS = 366 * DAY_MS;
/** Uses of several keys that become due together are written together. */
const WRITE_AFTER_MS = 10_000;

const nameOf = ({ account, id }: UsedKey): string => `${account}/${id}`;

/** `directory`: the data folder. */
export function openApiKeyUses(directory: string, logger: Warned): ApiKeyUses {
  const file = path.join(directory, 'api-key-uses.json');
  const known = new Map(readUses(file));
  const written = new Map(known);
  let timer: NodeJS.Timeout | null = null;
  let latest = 0;
  const write = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    for (const [key, at] of known) if (at < latest - KEPT_MS) known.delete(key);
    try {
      // Whole or not at all: a reader of the folder never finds half of it.
      writeFileSync(`${file}.draft`, JSON.stringify(Object.fromEntries(known)), { mode: 0o600 });
      renameSync(`${file}.draft`, file);
    } catch (err) {
      logger.warn({ err }, 'the last uses of API keys could not be written');
    }
    // Also where it failed: the next try is a day later, or at the end.
    for (const [key, at] of known) written.set(key, at);
  };
  return {
    used(key, at) {
      const name = nameOf(key);
      known.set(name, at);
      latest = Math.max(latest, at);
      if (at - (written.get(name) ?? -Infinity) < DAY_MS) return;
      timer ??= setTimeout(write, WRITE_AFTER_MS).unref();
    },
    lastUse(key) {
      const at = known.get(nameOf(key));
      return at === undefined ? null : new Date(at);
    },
    close() {
      if ([...known].some(([key, at]) => written.get(key) !== at)) write();
    },
  };
}

/** A file that is missing or damaged is of no weight: nothing rests on it. */
function readUses(file: string): readonly (readonly [string, number])[] {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null) return [];
    return Object.entries(content).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  } catch {
    return [];
  }
}
