import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Records of decisions have one form, and the index has them all. */

const FOLDER = path.join(__dirname, '..', '..', 'docs', 'decisions');
const read = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const records = readdirSync(FOLDER).filter((name) => name !== 'README.md');

const DATE = String.raw`\d{4}-\d\d-\d\d`;
const STATUS = String.raw`(?:proposed|accepted|rejected|superseded by \d+)`;
const HEAD = new RegExp(
  String.raw`^# (\d+)\. (.+)\n\n- Status: (${STATUS})\n- Date: (${DATE}(?:, revised ${DATE})?)\n\n\*\*Decision\.\*\* `,
);
const headOf = (name: string): readonly string[] => HEAD.exec(read(name))?.slice(1) ?? [];

test('each number is of one record', () => {
  const numbers = records.map((name) => name.slice(0, 4));
  expect(numbers.length).toBeGreaterThan(20);
  expect([...new Set(numbers)]).toEqual(numbers);
});

test.each(records)('%s has the form of a record', (name) => {
  const [number] = headOf(name);
  expect([name, Number(number)]).toEqual([name, Number(name.slice(0, 4))]);
  const labels = [...read(name).matchAll(/^\*\*([^*]+)\.\*\* /gm)].map(([, label]) => label);
  expect(labels.slice(0, 3)).toEqual(['Decision', 'Why', 'Price']);
  expect(
    read(name)
      .split('\n')
      .filter((line) => [...line].length > 120),
  ).toEqual([]);
});

test('the index names each with its title, status and date', () => {
  const rows = [...read('README.md').matchAll(/^\| (\d.*) \|$/gm)].map(([, row = '']) =>
    row.split(' | ').map((cell) => cell.trim()),
  );
  expect(rows).toEqual(
    records.map((name) => {
      const [number, title, status, date] = headOf(name);
      return [number, `[${title}](${name})`, status, date];
    }),
  );
});
