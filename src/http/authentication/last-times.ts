import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LastTimes, OfAccount } from '../../graphql/user/last-times';

/**
 * Times at which this replica last saw something: no history, overwritten, and in no read model, so that they follow from no
 * event and no digest covers them. Kept in memory and in a file of the data folder, which is written now and then and when
 * the replica is closed. One that is killed forgets what it saw since.
 */

export interface SeenTimes extends LastTimes {
  /** Takes note. `at`: milliseconds since 1970. */
  seen(key: OfAccount, at: number): void;
  /** Writes what is not written yet. */
  close(): void;
}

interface Rhythm {
  readonly file: string;
  /** A time is written if the one in the file is at least so much older. In milliseconds. */
  readonly dueMs: number;
  /** Time from when the first becomes due until all that are due then are written together. In milliseconds. */
  readonly gatherMs: number;
}

/** A logger, as far as this file needs one. */
interface Warned {
  warn(fields: object, text: string): void;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Keys are valid for a year at most: what was last used before is of a key that ended. */
const KEPT_MS = 366 * DAY_MS;
/** Bound of memory and of the file, a few MB. What was seen longest ago is forgotten first. */
const MOST = 100_000;

export const API_KEY_USES: Rhythm = {
  file: 'api-key-uses.json',
  dueMs: DAY_MS,
  gatherMs: 10 * SECOND_MS,
};

/** Written seldom, and many together: there are more users than keys. */
export const SIGN_INS: Rhythm = {
  file: 'sign-ins.json',
  dueMs: 60 * MINUTE_MS,
  gatherMs: 10 * MINUTE_MS,
};

const nameOf = ({ account, id }: OfAccount): string => `${account}/${id}`;

/** `directory`: the data folder. */
export function openSeenTimes(
  directory: string,
  { file: name, dueMs, gatherMs }: Rhythm,
  logger: Warned,
): SeenTimes {
  const file = path.join(directory, name);
  const known = new Map(readTimes(file));
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
      logger.warn({ err, file: name }, 'times that this replica saw could not be written');
    }
    // Also where it failed: the next try is when they are due again, or at the end.
    written.clear();
    for (const [key, at] of known) written.set(key, at);
  };
  return {
    seen(key, at) {
      const id = nameOf(key);
      // Behind all others.
      known.delete(id);
      known.set(id, at);
      if (known.size > MOST) for (const oldest of known.keys()) if (known.delete(oldest)) break;
      latest = Math.max(latest, at);
      if (at - (written.get(id) ?? -Infinity) < dueMs) return;
      timer ??= setTimeout(write, gatherMs).unref();
    },
    last(key) {
      const at = known.get(nameOf(key));
      return at === undefined ? null : new Date(at);
    },
    close() {
      if ([...known].some(([key, at]) => written.get(key) !== at)) write();
      if (timer) clearTimeout(timer);
    },
  };
}

/** A file that is missing or damaged is of no weight: nothing rests on it. */
function readTimes(file: string): readonly (readonly [string, number])[] {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null) return [];
    return Object.entries(content).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  } catch {
    return [];
  }
}
