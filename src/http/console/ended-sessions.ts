import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Sessions that were signed out before their time, of this replica: in memory, and in a file of the data folder, so that a
 * restart brings none back. Lines of the file: the id of a session and the moment at which it would have ended by itself, in
 * milliseconds since 1970; there is nothing personal in it.
 */
export interface EndedSessions {
  has(id: string): boolean;
  /** Takes note, before it returns. `until`: the moment from which the session is over anyway. */
  add(id: string, until: number): void;
}

/** A logger, as far as this file needs one. */
interface Warned {
  warn(fields: object, text: string): void;
}

const FILE = 'ended-sessions.txt';
/** Bound of memory and file. Each takes a sign-in; what ended first is forgotten first. */
const MOST = 100_000;
/** Number of notes after which those that have no use any more are left out. */
const TIDY_AFTER = 1_000;

/** `directory`: the data folder. */
export function openEndedSessions(
  directory: string,
  logger: Warned,
  now: () => number = Date.now,
): EndedSessions {
  const file = path.join(directory, FILE);
  const ended = new Map(notesIn(file));
  let added = 0;
  const write = (change: () => void): void => {
    try {
      change();
    } catch (err) {
      logger.warn({ err, file: FILE }, 'a sign-out is remembered until the next start alone');
    }
  };
  const tidy = (): void => {
    added = 0;
    const at = now();
    for (const [id, until] of ended) if (until <= at || ended.size > MOST) ended.delete(id);
    write(() => {
      // Whole or not at all: half of it would bring sessions back.
      writeFileSync(`${file}.draft`, [...ended].map(lineOf).join(''), { mode: 0o600 });
      renameSync(`${file}.draft`, file);
    });
  };
  if (ended.size > 0) tidy();
  return {
    has: (id) => ended.has(id),
    add(id, until) {
      if (ended.has(id)) return;
      ended.set(id, until);
      write(() => appendFileSync(file, lineOf([id, until]), { mode: 0o600 }));
      added += 1;
      if (added >= TIDY_AFTER) tidy();
    },
  };
}

const lineOf = ([id, until]: readonly [string, number]): string => `${id} ${until}\n`;

/** Notes of a file; a last line that was cut off is no note. */
function notesIn(file: string): [string, number][] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return [...text.matchAll(/^(\S+) (\d+)\n/gm)].map(([, id = '', until]) => [id, Number(until)]);
}
