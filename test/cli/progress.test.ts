import * as fc from 'fast-check';
import { Writable } from 'node:stream';
import { leaveProgress, printAbove, progress } from '../../src/cli/progress';
import { rateOf } from '../../src/shared/progress';

/** Long work says how far it is: done, total, rate, time left. */

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

/** A stream that remembers what was written; a terminal or not. */
function screen(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, written };
}

test('a rate counts what was done since the work began, not what was there before', () => {
  expect(rateOf(1_500, 2_000, 2_000, 1_000)).toEqual({ perSecond: 250, secondsLeft: 2 });
  expect(rateOf(1_500, null, 2_000, 1_000)).toEqual({ perSecond: 250, secondsLeft: null });
  expect(rateOf(1_000, 2_000, 2_000, 1_000)).toEqual({ perSecond: 0, secondsLeft: null });
});
test('without a terminal there is a line for each further tenth, a second apart at least, and one at the end', () => {
  const { stream, written } = screen(false);
  const shown = progress('Importing', 0, stream);
  for (let done = 100; done <= 2_500; done += 100) {
    jest.advanceTimersByTime(100);
    shown.update(done, 2_500);
  }
  shown.finish();
  expect(written).toEqual([
    'Importing: 1,000 of 2,500, 1,000/s, 2 s left\n',
    'Importing: 2,000 of 2,500, 1,000/s, 1 s left\n',
    'Importing: 2,500 in 3 s, 1,000/s\n',
  ]);
});

test('slow work without a terminal has a line now and then, and a rate that says something', () => {
  const { stream, written } = screen(false);
  const shown = progress('Measuring', 0, stream);
  for (let done = 1; done <= 5; done += 1) {
    jest.advanceTimersByTime(8_000);
    shown.update(done, 100);
  }
  expect(written).toEqual([
    'Measuring: 2 of 100, 7.5/min, 13 min 4 s left\n',
    'Measuring: 4 of 100, 7.5/min, 12 min 48 s left\n',
  ]);
});

/** Visible part of each frame: after the return to the start of the line and its erasure. */
const frames = (written: readonly string[]): string[] =>
  written.map((text) => text.replace('\r\x1b[K', '')).filter((text) => text !== '\n');

test('on a terminal a bar in one line, which ends full', () => {
  const { stream, written } = screen(true);
  const shown = progress('Exporting', 0, stream);
  for (const done of [0, 10, 20]) {
    jest.advanceTimersByTime(1_000);
    shown.update(done, 20);
  }
  shown.finish();
  expect(frames(written)).toEqual([
    'Exporting [..............................]   0 %  0 of 20',
    'Exporting [###############...............]  50 %  10 of 20, 5/s, 2 s left',
    'Exporting [##############################] 100 %  20 of 20, 6.67/s, 0 s left',
    'Exporting [##############################] 100 %  20 in 3 s, 6.67/s',
  ]);
  expect(written.at(-1)).toBe('\n');
  expect(written.slice(0, -1).every((text) => text.startsWith('\r\x1b[K') && !text.includes('\n'))).toBe(
    true,
  );
});

test('the bar never shrinks, whatever is told, and its line fits the terminal', () => {
  const told = fc.tuple(fc.nat(1_000_000), fc.option(fc.nat(1_000_000)));
  fc.assert(
    fc.property(fc.array(told, { maxLength: 50 }), fc.integer({ min: 20, max: 200 }), (updates, columns) => {
      const { stream, written } = screen(true);
      const shown = progress('Projecting events', 0, Object.assign(stream, { columns }));
      for (const [done, total] of updates) {
        jest.advanceTimersByTime(150);
        shown.update(done, total);
      }
      shown.finish();
      const lines = frames(written);
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      const percents = lines
        .map((line) => /(\d+) %/.exec(line)?.[1])
        .filter(Boolean)
        .map(Number);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
      for (const [index, line] of lines.entries())
        if (index > 0 && columns >= 60)
          expect(countOf(line)).toBeGreaterThanOrEqual(countOf(lines[index - 1] ?? ''));
    }),
  );
});

/** The number that comes first of the counts. */
const countOf = (line: string): number =>
  Number(/ {2}([\d,]+)(?![\d,]| %)/.exec(line)?.[1]?.replaceAll(',', ''));

test('messages come above the bar, and a second bar begins on a line of its own', () => {
  const { stream, written } = screen(true);
  const first = progress('One', 0, stream);
  const second = progress('Two', 0, stream);
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    jest.advanceTimersByTime(1_000);
    first.update(1, 4);
    printAbove('line 3: refused');
    second.update(2, 4);
    leaveProgress();
    printAbove('failed');
  } finally {
    stderr.mockRestore();
  }
  const one = '\r\x1b[KOne [#######.......................]  25 %  1 of 4, 1/s, 3 s left';
  const two = '\r\x1b[KTwo [###############...............]  50 %  2 of 4, 2/s, 1 s left';
  expect(written).toEqual([one, '\r\x1b[K', 'line 3: refused\n', one, '\n', two, '\n', 'failed\n']);
});
