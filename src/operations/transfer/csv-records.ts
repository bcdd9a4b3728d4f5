import { parse } from 'csv-parse/sync';
import { MAX_LINE_BYTES, readLines, type InputLine } from './lines';

/** One record of a CSV file (RFC 4180), or its fault. */
export interface CsvRecord {
  /** The line that it begins on, from 1. */
  readonly number: number;
  /** The line that it ends on: quoted fields may have line breaks. */
  readonly lastLine: number;
  readonly content: { readonly fields: readonly string[] } | { readonly fault: string };
  /** Bytes of the file read so far. */
  readonly bytesRead: number;
}

const SEPARATORS = [',', ';', '\t'] as const;
const OPEN_QUOTE = 'leaves a quote open';

/**
 * Reads the records of a CSV file; blank lines are no records. The separator of fields is that of the first record:
 * comma, semicolon or tab.
 *
 * No fault is skipped silently: an open quote is the fault of its line alone, and the lines after it are read as
 * records of their own. So a record is parsed once its quotes are even, which costs each line of a file at most a
 * second reading.
 */
export async function* readCsv(file: string): AsyncGenerator<CsvRecord> {
  const lines = new Lines(file);
  let separator: string | null = null;
  for (let first = await lines.next(); first; first = await lines.next()) {
    const { number, content, bytesRead } = first;
    if ('fault' in content) {
      yield { number, lastLine: number, content, bytesRead };
      continue;
    }
    if (content.text.trim() === '') continue;
    separator ??= separatorOf(content.text);
    const record = await recordFrom(lines, first, content.text, separator);
    yield record;
  }
}

/** The lines of a file, some of which are reread. */
class Lines {
  readonly #source: AsyncGenerator<InputLine>;
  /** Lines to be reread, the next one last. */
  readonly #again: InputLine[] = [];

  constructor(file: string) {
    this.#source = readLines(file);
  }

  async next(): Promise<InputLine | undefined> {
    return this.#again.pop() ?? ((await this.#source.next()).value as InputLine | undefined);
  }

  giveBack(lines: readonly InputLine[]): void {
    for (let index = lines.length - 1; index >= 0; index -= 1) this.#again.push(lines[index]!);
  }
}

async function recordFrom(
  lines: Lines,
  first: InputLine,
  text: string,
  separator: string,
): Promise<CsvRecord> {
  const { number } = first;
  const taken: InputLine[] = [];
  const texts = [text];
  let length = text.length;
  for (let open = isOdd(text); open;) {
    const line = await lines.next();
    if (line) taken.push(line);
    if (!line || 'fault' in line.content || (length += line.content.text.length + 1) > MAX_LINE_BYTES) {
      lines.giveBack(taken);
      return { number, lastLine: number, content: { fault: OPEN_QUOTE }, bytesRead: first.bytesRead };
    }
    texts.push(line.content.text);
    open = open !== isOdd(line.content.text);
  }
  const content = fieldsOf(texts.join('\n'), separator);
  const last = taken.at(-1) ?? first;
  if (!('fault' in content) || taken.length === 0)
    return { number, lastLine: last.number, content, bytesRead: last.bytesRead };
  lines.giveBack(taken);
  return { number, lastLine: number, content: { fault: OPEN_QUOTE }, bytesRead: first.bytesRead };
}

/** True if a text has an odd number of quotes, so that it opens or closes a quoted field. */
function isOdd(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function fieldsOf(text: string, separator: string): CsvRecord['content'] {
  if (!text.includes('"')) return { fields: text.split(separator) };
  try {
    const options = { relax_column_count: true, delimiter: separator, record_delimiter: '\n' };
    const records = parse(text, options) as string[][];
    if (records.length === 1) return { fields: records[0]! };
  } catch {
    // Reported below: the parser's own messages are about its options.
  }
  return { fault: 'is not CSV: a quote is out of place' };
}

/** Separator of the fields of a header: the most frequent one outside of quotes. */
function separatorOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => bare.split(separator).length - 1);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}
