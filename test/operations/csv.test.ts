import * as fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCsv, type CsvRecord } from '../../src/operations/transfer/csv-records';
import { readLines } from '../../src/operations/transfer/lines';
import { newDirectory, removeDirectory } from '../directories';
import { runs } from '../scale';

/** Files of users, as programs and people write them: each record is read, or its line is reported. */

const directory = newDirectory();
afterAll(() => removeDirectory(directory));

async function read(text: string | Buffer): Promise<CsvRecord[]> {
  const file = path.join(directory, 'file.csv');
  writeFileSync(file, text);
  const records: CsvRecord[] = [];
  for await (const record of readCsv(file)) records.push(record);
  return records;
}

const END = fc.constantFrom('\n', '\r\n', '\r');
const SEPARATOR = fc.constantFrom(',', ';', '\t');
/** Texts that break readers of CSV, and texts that do not. */
const TEXT = fc.string({
  unit: fc.constantFrom('a', 'é', '😀', ' ', ',', ';', '\t', '"', '\n', '\r', "'", '\\'),
  maxLength: 8,
});
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('every sound record is read whole, with the line that it begins on, whatever its quotes and line ends', async () => {
  const field = fc.record({ text: TEXT, quote: fc.boolean() });
  const record = fc.record({ fields: fc.tuple(field, field), end: END });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 12 }), SEPARATOR, END, async (records, separator, end) => {
      let file = `username${separator}name${end}`;
      const expected: { number: number; fields: string[] }[] = [];
      for (const each of records) {
        const number = linesOf(file);
        // CRLF begins nothing new where the one end was cut in two.
        if (file.endsWith('\r') && each.fields[0].text.startsWith('\n')) continue;
        const texts = each.fields.map(({ text, quote }) =>
          quote || /[,;\t"\n\r]/.test(text) ? quoted(text) : text,
        );
        if (texts.join(separator).trim() === '') continue;
        expected.push({ number, fields: each.fields.map(({ text }) => text.replace(/\r\n|\r/g, '\n')) });
        file += texts.join(separator) + each.end;
      }
      const [, ...found] = await read(file);
      expect(found.map(({ number, content }) => ({ number, ...content }))).toEqual(expected);
    }),
    runs(300),
  );
});

test('of any text each line with something on it is in exactly one record or fault, in order', async () => {
  const noise = fc.string({
    unit: fc.constantFrom('a', 'b', ',', '"', '"', '\n', '\r', '\r\n', ' '),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(noise, async (text) => {
      const file = `username,name\n${text}`;
      const records = await read(file);
      const covered = new Set<number>();
      let last = 0;
      for (const { number, lastLine } of records) {
        expect(number).toBeGreaterThan(last);
        for (let line = number; line <= lastLine; line += 1) covered.add(line);
        last = lastLine;
      }
      const lines = file.split(/\r\n|\r|\n/);
      const full = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index + 1]));
      expect(full.filter((line) => !covered.has(line))).toEqual([]);
    }),
    runs(300),
  );
});

test('a quote that stays open over a megabyte costs its own line only, and a file of them is read in time', async () => {
  const lines = Array.from({ length: 60_000 }, (_, n) =>
    n % 20_000 ? `user${n},User number ${n} of many` : `x${n},"open`,
  );
  const records = await read(`username,name\n${lines.join('\n')}\n`);
  const faults = records.filter(({ content }) => 'fault' in content);
  expect(records).toHaveLength(60_001);
  expect(faults.map(({ number }) => number)).toEqual([2, 20_002, 40_002]);
});

test('lines end alike where a piece of the file ends between CR and LF', async () => {
  const piece = 256 * 1024;
  const file = path.join(directory, 'pieces');
  writeFileSync(file, `${'x'.repeat(piece - 1)}\r\n${'y'.repeat(piece - 2)}\r\rz`);
  const lines: (readonly [number, number, number])[] = [];
  for await (const { number, content, bytesRead } of readLines(file))
    lines.push([number, 'text' in content ? content.text.length : -1, bytesRead]);
  expect(lines).toEqual([
    [1, piece - 1, piece],
    [2, piece - 2, 2 * piece],
    [3, 0, 2 * piece + 1],
    [4, 1, 2 * piece + 2],
  ]);
});

/** Number of the line that a text ends on, from 1. */
const linesOf = (text: string): number => text.split(/\r\n|\r|\n/).length;
