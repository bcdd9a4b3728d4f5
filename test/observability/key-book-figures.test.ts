import { KeyBookError, type BookStatus } from '../../src/keys/port/key-book';
import { createInstruments } from '../../src/observability/metrics/instruments';
import { KeyBookFigures, LOOK_EVERY_MS } from '../../src/observability/metrics/key-book';
import { samplesOf } from '../http/prometheus';

/** Looks at the key book in the background: when they are made, and what a failure leaves. */

const NOW = Date.parse('2026-11-29T12:00:00Z');
const STATUS: BookStatus = {
  segments: 3,
  keys: 300,
  erased: 2,
  awaitingRotation: 0,
  awaitingSince: null,
  byMasterKey: new Map([['m1', 3]]),
  toRotate: 0,
  damaged: [],
};

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

function figures() {
  const instruments = createInstruments();
  const warned: object[] = [];
  const kept = new KeyBookFigures(instruments, { warn: (fields) => warned.push(fields) });
  const samples = async (): Promise<Record<string, number>> => {
    kept.show();
    const all = [...samplesOf(await instruments.registry.metrics())];
    return Object.fromEntries(
      all.flatMap(([name, value]) =>
        name.startsWith('rolebook_key_book_') ? [[name.slice(18), value]] : [],
      ),
    );
  };
  return { kept, warned, samples };
}

test('one look at a time, a pause after each, and none after the end', async () => {
  const { kept, samples } = figures();
  const answers: ((status: BookStatus) => void)[] = [];
  const status = jest.fn(() => new Promise<BookStatus>((resolve) => answers.push(resolve)));
  const end = kept.watch({ status });
  await jest.advanceTimersByTimeAsync(3 * LOOK_EVERY_MS);
  expect(status).toHaveBeenCalledTimes(1);
  expect(await samples()).toEqual({});

  answers[0]!(STATUS);
  await jest.advanceTimersByTimeAsync(LOOK_EVERY_MS - 1);
  expect(status).toHaveBeenCalledTimes(1);
  expect(await samples()).toMatchObject({ segments: 3, status_age_seconds: (LOOK_EVERY_MS - 1) / 1_000 });
  await jest.advanceTimersByTimeAsync(1);
  expect(status).toHaveBeenCalledTimes(2);

  end();
  answers[1]!({ ...STATUS, segments: 4 });
  await jest.advanceTimersByTimeAsync(3 * LOOK_EVERY_MS);
  expect(status).toHaveBeenCalledTimes(2);
  expect(await samples()).toMatchObject({ segments: 3 });
  expect(jest.getTimerCount()).toBe(0);
});

test('a failure is counted by its code and warned of; the figures stay, with their age, and the next look is made', async () => {
  const { kept, warned, samples } = figures();
  const status = jest
    .fn<Promise<BookStatus>, []>()
    .mockResolvedValueOnce(STATUS)
    .mockRejectedValueOnce(new KeyBookError('MASTER_KEY_UNKNOWN', 'm1 is not there'))
    .mockRejectedValueOnce(new TypeError('nobody expects this'))
    .mockResolvedValue({ ...STATUS, damaged: ['x'] });
  const end = kept.watch({ status });
  await jest.advanceTimersByTimeAsync(2 * LOOK_EVERY_MS);
  expect(await samples()).toMatchObject({
    segments: 3,
    damaged_segments: 0,
    status_age_seconds: (2 * LOOK_EVERY_MS) / 1_000,
    'status_failures_total{code="MASTER_KEY_UNKNOWN"}': 1,
    'status_failures_total{code="INTERNAL_SERVER_ERROR"}': 1,
  });
  expect(warned).toMatchObject([{ err: { code: 'MASTER_KEY_UNKNOWN' } }, { err: { name: 'TypeError' } }]);
  await jest.advanceTimersByTimeAsync(LOOK_EVERY_MS);
  expect(await samples()).toMatchObject({ damaged_segments: 1, status_age_seconds: 0 });
  end();
});

test('a look that the end of the book cuts off is no failure', async () => {
  const { kept, warned, samples } = figures();
  let fail: (error: Error) => void = () => undefined;
  const end = kept.watch({ status: () => new Promise((_resolve, reject) => (fail = reject)) });
  end();
  fail(new KeyBookError('CLOSED', 'The key book is closed.'));
  await jest.advanceTimersByTimeAsync(LOOK_EVERY_MS);
  expect([await samples(), warned]).toEqual([{}, []]);
});

test('the wait for a rotation goes on between looks, and is never negative', async () => {
  const { kept, samples } = figures();
  const waiting = (from: number): BookStatus => ({
    ...STATUS,
    awaitingRotation: 1,
    awaitingSince: new Date(NOW + from),
  });
  const status = jest
    .fn<Promise<BookStatus>, []>()
    .mockResolvedValueOnce(waiting(-86_400_000))
    .mockResolvedValue(waiting(2 * LOOK_EVERY_MS));
  const end = kept.watch({ status });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(await samples()).toMatchObject({ rotation_wait_seconds: 86_460 });
  await jest.advanceTimersByTimeAsync(LOOK_EVERY_MS);
  expect(await samples()).toMatchObject({ rotation_wait_seconds: 0 });
  end();
});
