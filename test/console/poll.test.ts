import { startPoll, type Page, type Waking } from '../../console/src/live/poll';

/** The poll of the position: how often it asks, and when it does not. */

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A page that can be hidden, and a server that can be away. */
function setUp(stream: Waking | null = null) {
  const listeners = new Set<() => void>();
  const state = {
    hidden: false,
    away: false,
    settles: true,
    asked: 0,
    positions: [] as string[],
    faults: [] as number[],
  };
  const page = {
    get visibilityState() {
      return state.hidden ? 'hidden' : 'visible';
    },
    addEventListener: (_: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void listeners.delete(listener),
  } as unknown as Page;
  const stop = startPoll({
    ask: async () => {
      state.asked += 1;
      if (state.away) throw new Error('away');
      return `p${state.asked}`;
    },
    onPosition: (position) => state.positions.push(position) > 0 && state.settles,
    onFault: (inARow) => void state.faults.push(inARow),
    page,
    stream,
  });
  const hide = (hidden: boolean): void => {
    state.hidden = hidden;
    for (const listener of listeners) listener();
  };
  return { state, stop, hide, listeners };
}

test('it asks at once, and then each second', async () => {
  const { state, stop } = setUp();
  await jest.advanceTimersByTimeAsync(3_500);
  expect(state.positions).toEqual(['p1', 'p2', 'p3', 'p4']);
  stop();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(state.asked).toBe(4);
});

test('each fault doubles the pause, up to half a minute, and the first answer ends that', async () => {
  const { state, stop } = setUp();
  state.away = true;
  // At seconds 1, 3, 7 and 15.
  await jest.advanceTimersByTimeAsync(14_500);
  expect(state.faults).toEqual([1, 2, 3]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(state.faults).toEqual([1, 2, 3, 4]);
  await jest.advanceTimersByTimeAsync(10 * 60_000);
  const asked = state.asked;
  await jest.advanceTimersByTimeAsync(5 * 60_000);
  expect(state.asked - asked).toBe(10);
  state.away = false;
  await jest.advanceTimersByTimeAsync(30_000);
  const back = state.asked;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(state.asked - back).toBe(5);
  stop();
});

test('it asks nothing while the page is hidden, and at once when it is seen again', async () => {
  const { state, stop, hide } = setUp();
  await jest.advanceTimersByTimeAsync(500);
  hide(true);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(state.asked).toBe(1);
  hide(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(state.asked).toBe(2);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(state.asked).toBe(3);
  stop();
});

test('it leaves no listener and no question behind', async () => {
  const { state, stop, hide, listeners } = setUp();
  stop();
  expect(listeners.size).toBe(0);
  hide(false);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(state.positions).toEqual([]);
  expect(state.asked).toBe(1);
});

test('while a stream is live it asks when that says so, each second while the page is in hand, and seldom besides', async () => {
  const stream = { isLive: false, onWake: () => undefined as void };
  const { state, stop } = setUp(stream);
  const askedIn = async (ms: number, wakes = 0): Promise<number> => {
    const before = state.asked;
    for (let n = 0; n < wakes; n += 1) stream.onWake();
    await jest.advanceTimersByTimeAsync(ms);
    return state.asked - before;
  };
  expect(await askedIn(1_500)).toBe(1);
  stream.isLive = true;
  // A session that ends in this browser alone is noticed by what is asked besides.
  expect([await askedIn(9_000, 1), await askedIn(60_000)]).toEqual([1, 6]);
  state.settles = false;
  expect(await askedIn(2_500, 1)).toBe(3);
  state.settles = true;
  expect([await askedIn(1_000), await askedIn(9_000)]).toEqual([1, 0]);
  // One that is told while an answer is on its way is asked about once more.
  expect(await askedIn(9_000, 2)).toBe(2);
  state.away = true;
  await askedIn(4_000, 1);
  expect(state.faults).toEqual([1, 2]);
  stream.isLive = false;
  state.away = false;
  expect(await askedIn(60_000)).toBeGreaterThan(50);
  stop();
});
