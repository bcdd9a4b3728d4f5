import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync } from 'node:fs';
import { writeAt } from '../../shared/durable-file';
import { asked, type WriteLine } from '../out';
import { CliError } from '../output';

/**
 * A file that is written in runs: each goes on where the one before was killed. It has its name once it is whole; until then
 * it is `FILE.part`.
 */

const CHUNK = 65_536;
const LINE_END = 0x0a;
const QUOTE = 0x22;

/** A file that was begun. */
interface Begun {
  /** Bytes of it that stand; what follows may be half of an event. */
  readonly bytes: number;
  /** Position of the last event of which all lines stand; null: of none. */
  readonly after: string | null;
}

/** The form of a file, as far as going on with it needs. */
export interface LineForm {
  /** Position of the event that a line is of; null for a head. */
  readonly positionOf: (line: string) => string | null;
  /** True if a line goes on over line ends within quotes. */
  readonly hasQuotes: boolean;
}

const NOTHING: Begun = { bytes: 0, after: null };

/**
 * Runs work that writes lines behind a position (null: from the beginning).
 * @throws CliError where the file is there already, one was begun and `resume` was not asked for, or the system refuses it
 */
export async function withResumable<T>(
  file: string,
  { form, resume }: { readonly form: LineForm; readonly resume: boolean },
  work: (write: WriteLine, after: string | null) => Promise<T>,
): Promise<T> {
  const part = `${file}.part`;
  if (existsSync(file)) throw new CliError(`${file} cannot be written: it is there already.`);
  const isBegun = existsSync(part);
  if (isBegun && !resume)
    throw new CliError(`${part} is left of a run that did not end. Go on with --resume, or delete it.`);
  // It may hold names of people, so it is its owner's alone.
  const descriptor = asked(part, () => openSync(part, isBegun ? 'r+' : 'wx', 0o600));
  try {
    const begun = isBegun ? asked(part, () => begunIn(descriptor, form)) : NOTHING;
    asked(part, () => ftruncateSync(descriptor, begun.bytes));
    let at = begun.bytes;
    const result = await work(async (text) => {
      const bytes = Buffer.from(`${text}\n`);
      asked(part, () => writeAt(descriptor, bytes, at));
      at += bytes.length;
    }, begun.after);
    asked(part, () => fsyncSync(descriptor));
    asked(part, () => renameSync(part, file));
    return result;
  } finally {
    closeSync(descriptor);
  }
}

/** Looks for the last event of which all lines stand: the one before the last that has a line. @throws CliError */
function begunIn(descriptor: number, { positionOf, hasQuotes }: LineForm): Begun {
  let stands = NOTHING;
  let last: string | null = null;
  for (const { line, from } of linesOf(descriptor, hasQuotes)) {
    const position = positionOf(line);
    if (position === null && from > 0)
      throw new CliError('What was begun has another form: give its --format.');
    if (position !== last && last !== null) stands = { bytes: from, after: last };
    last = position;
  }
  return stands;
}

/** Lines of a file, and the byte each begins at; a last one without an end is left out. */
function* linesOf(
  descriptor: number,
  hasQuotes: boolean,
): Generator<{ readonly line: string; readonly from: number }> {
  const chunk = Buffer.alloc(CHUNK);
  let parts: Buffer[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; ;) {
    const size = readSync(descriptor, chunk, 0, CHUNK, at);
    if (size === 0) return;
    let begin = 0;
    for (let index = 0; index < size; index += 1) {
      if (hasQuotes && chunk[index] === QUOTE) isQuoted = !isQuoted;
      if (chunk[index] !== LINE_END || isQuoted) continue;
      parts.push(Buffer.from(chunk.subarray(begin, index)));
      yield { line: Buffer.concat(parts).toString(), from };
      parts = [];
      begin = index + 1;
      from = at + begin;
    }
    parts.push(Buffer.from(chunk.subarray(begin, size)));
    at += size;
  }
}
