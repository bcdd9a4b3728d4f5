import { readFileSync } from 'node:fs';
import path from 'node:path';
import { API_KEY_USES, openSeenTimes } from '../../src/http/authentication/last-times';
import { newDirectory, removeDirectory } from '../directories';

/** Times beside the record: last uses of API keys, last sign-ins. */

describe('Times that a replica saw', () => {
  const DAY_MS = 86_400_000;
  const T = Date.UTC(2026, 5, 1);
  let directory: string;
  const warned: string[] = [];
  const open = () =>
    openSeenTimes(directory, API_KEY_USES, { warn: (_fields, message) => void warned.push(message) });
  const file = (): string => path.join(directory, 'api-key-uses.json');
  const a = { account: 'acme', id: 'k_a' };
  const b = { account: 'other', id: 'k_a' };

  beforeEach(() => {
    directory = newDirectory();
    warned.length = 0;
  });
  afterEach(() => removeDirectory(directory));

  test('are kept over a restart, for each account apart; the latest counts', () => {
    const uses = open();
    expect(uses.last(a)).toBeNull();
    uses.seen(a, T);
    uses.seen(a, T + 5);
    expect(uses.last(a)).toEqual(new Date(T + 5));
    expect(uses.last(b)).toBeNull();
    uses.close();
    expect(open().last(a)).toEqual(new Date(T + 5));
    expect(open().last(b)).toBeNull();
  });

  test('are written once a day for each key, and at the end what is left', () => {
    jest.useFakeTimers();
    try {
      const uses = open();
      const written = (): unknown => JSON.parse(readFileSync(file(), 'utf8'));
      uses.seen(a, T);
      jest.advanceTimersByTime(60_000);
      expect(written()).toEqual({ 'acme/k_a': T });
      uses.seen(a, T + DAY_MS - 1);
      jest.advanceTimersByTime(60_000);
      expect(written()).toEqual({ 'acme/k_a': T });
      uses.seen(a, T + DAY_MS);
      jest.advanceTimersByTime(60_000);
      expect(written()).toEqual({ 'acme/k_a': T + DAY_MS });
      uses.seen(a, T + DAY_MS + 1);
      uses.seen(b, T + 400 * DAY_MS);
      uses.close();
      // A key lives for a year at most.
      expect(written()).toEqual({ 'other/k_a': T + 400 * DAY_MS });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test('are of the last 100,000 at most, and the oldest goes first', () => {
    const uses = open();
    for (let n = 0; n <= 100_000; n += 1) {
      uses.seen({ account: 'acme', id: `u${n}` }, T + n);
      // Seen again, it is not the oldest any more.
      if (n === 50_000) uses.seen({ account: 'acme', id: 'u0' }, T + n);
    }
    const last = (id: string) => uses.last({ account: 'acme', id })?.getTime();
    expect([last('u0'), last('u1'), last('u2')]).toEqual([T + 50_000, undefined, T + 2]);
    uses.close();
  });

  test('that cannot be read or written stop nothing', () => {
    removeDirectory(directory);
    const uses = open();
    uses.seen(a, T);
    uses.close();
    expect(warned).toHaveLength(1);
    expect(uses.last(a)).toEqual(new Date(T));
  });
});
