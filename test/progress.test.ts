import { Writable } from 'node:stream';
import { progress } from '../src/cli/output';
import { rateOf } from '../src/rate';

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
test('without a terminal a line is printed each second, and the last one at the end', () => {
  const { stream, written } = screen(false);
  const shown = progress('Importing', 0, stream);
  for (let done = 100; done <= 2_500; done += 100) {
    jest.advanceTimersByTime(100);
    shown.update(done, 2_500);
  }
  shown.finish();
  expect(written).toEqual([
    'Importing: 100 of 2,500, 1,000/s, 3 s left\n',
    'Importing: 1,100 of 2,500, 1,000/s, 2 s left\n',
    'Importing: 2,100 of 2,500, 1,000/s, 1 s left\n',
    'Importing: 2,500 of 2,500, 1,000/s, 0 s left\n',
  ]);
});

test('on a terminal one line is rewritten', () => {
  const { stream, written } = screen(true);
  const shown = progress('Exporting', 0, stream);
  jest.advanceTimersByTime(1_000);
  shown.update(10, null);
  shown.finish();
  expect(written).toEqual(['\r\x1b[KExporting: 10, 10/s', '\n']);
});
