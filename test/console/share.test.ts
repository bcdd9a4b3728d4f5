import { SharedStream, type Channel, type Locks, type StreamParts } from '../../console/src/live/share';

/** One stream for all tabs: who leads, what the others hear, and who goes on. */

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const settle = () => jest.advanceTimersByTimeAsync(0);

/** A browser: its locks, its channels, and the streams that its tabs opened. */
class Browser implements Locks {
  readonly streams: (StreamParts & { isOpen: boolean })[] = [];
  /** Listeners of each channel. */
  readonly #channels = new Map<Channel, (event: { readonly data: unknown }) => void>();
  readonly #waiting: (() => void)[] = [];
  #held = false;

  async request(_name: string, { signal }: { signal: AbortSignal }, act: () => Promise<void>): Promise<void> {
    while (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    signal.throwIfAborted();
    this.#held = true;
    try {
      await act();
    } finally {
      this.#held = false;
      this.#waiting.splice(0).forEach((wake) => wake());
    }
  }

  tab(): { readonly stream: SharedStream; readonly woken: () => number } {
    const channel: Channel = {
      addEventListener: (_type, listener) => void this.#channels.set(channel, listener),
      postMessage: (data) => {
        for (const [each, listener] of this.#channels) if (each !== channel) listener({ data });
      },
      close: () => void this.#channels.delete(channel),
    };
    const stream = new SharedStream({
      name: 'test',
      locks: this,
      channel,
      open: (parts) => {
        const opened = { ...parts, isOpen: true };
        this.streams.push(opened);
        return () => (opened.isOpen = false);
      },
    });
    let woken = 0;
    stream.onWake = () => (woken += 1);
    return { stream, woken: () => woken };
  }
}

test('the first tab leads; the others hear what it hears, those that come later too', async () => {
  const browser = new Browser();
  const [one, two] = [browser.tab(), browser.tab()];
  await settle();
  expect(browser.streams).toHaveLength(1);
  browser.streams[0]!.onPosition('p1');
  expect([one, two].map(({ stream }) => [stream.isLive, stream.last])).toEqual([
    [true, 'p1'],
    [true, 'p1'],
  ]);
  const three = browser.tab();
  expect([three.stream.isLive, three.stream.last]).toEqual([true, 'p1']);
  browser.streams[0]!.onPosition('p1');
  browser.streams[0]!.onPosition('p2');
  expect([one.woken(), two.woken()]).toEqual([2, 2]);
  for (const { stream } of [one, two, three]) stream.stop();
});

test('the leader is closed: the next one goes on behind the last position', async () => {
  const browser = new Browser();
  const [one, two] = [browser.tab(), browser.tab()];
  await settle();
  browser.streams[0]!.onPosition('p1');
  one.stream.stop();
  await settle();
  expect(browser.streams.map(({ after, isOpen }) => [after, isOpen])).toEqual([
    [null, false],
    ['p1', true],
  ]);
  browser.streams[1]!.onPosition('p2');
  expect(two.stream.last).toBe('p2');
  expect(one.stream.last).toBe('p1');
  two.stream.stop();
});

test('a stream that ends is none to any tab, and is opened again after pauses that double', async () => {
  const browser = new Browser();
  const [one, two] = [browser.tab(), browser.tab()];
  await settle();
  browser.streams[0]!.onPosition('p1');
  browser.streams[0]!.onEnd(false);
  await settle();
  expect([one, two].map(({ stream, woken }) => [stream.isLive, woken()])).toEqual([
    [false, 2],
    [false, 2],
  ]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(browser.streams[1]!.after).toBe('p1');
  browser.streams[1]!.onEnd(true);
  await jest.advanceTimersByTimeAsync(1_999);
  expect(browser.streams).toHaveLength(2);
  await jest.advanceTimersByTimeAsync(2_001);
  // The position was of another log.
  expect(browser.streams[2]!.after).toBeNull();
  for (const { stream } of [one, two]) stream.stop();
});

test('silence is no stream', async () => {
  const browser = new Browser();
  const [one, two] = [browser.tab(), browser.tab()];
  await settle();
  browser.streams[0]!.onPosition('p1');
  await jest.advanceTimersByTimeAsync(30_000);
  browser.streams[0]!.onPosition('p1');
  await jest.advanceTimersByTimeAsync(30_000);
  expect(two.stream.isLive).toBe(true);
  await jest.advanceTimersByTimeAsync(11_000);
  expect([one.stream.isLive, two.stream.isLive]).toEqual([false, false]);
  for (const { stream } of [one, two]) stream.stop();
  expect(jest.getTimerCount()).toBe(0);
});
