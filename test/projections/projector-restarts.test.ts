import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { ThreadedProjector } from '../../projections/projector/projector-thread';

/** A thread that cannot start, as without its key book, is tried ever more rarely: each start costs a second of CPU. */

const MINUTE = 60_000;

class FakeThread extends EventEmitter {
  end(error: Error): void {
    this.emit('error', error);
    this.emit('exit', 1);
  }
  postMessage(): void {
    this.emit('exit', 0);
  }
}

let threads: FakeThread[];
let pauses: number[];
let projector: ThreadedProjector;
beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(1);
  threads = [];
  pauses = [];
  projector = new ThreadedProjector(
    { file: 'models.sqlite', building: false, alone: false },
    () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread as EventEmitter as Worker;
    },
    { onState: () => undefined, onTrouble: (_why, pause) => pauses.push(pause) },
    null,
  );
  projector.start();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Ends the present thread, and waits until the next one is started. */
function endAfter(milliseconds: number): void {
  const before = threads.length;
  jest.advanceTimersByTime(milliseconds);
  threads.at(-1)?.end(new Error('no master key'));
  jest.advanceTimersByTime((pauses.at(-1) ?? 0) - 1);
  expect(threads).toHaveLength(before);
  jest.advanceTimersByTime(1);
  expect(threads).toHaveLength(before + 1);
}

test('the pauses grow up to half a minute, and begin anew after a thread that lasted', async () => {
  for (let failure = 0; failure < 7; failure += 1) endAfter(500);
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  endAfter(MINUTE + 1);
  endAfter(500);
  expect(pauses.slice(7)).toEqual([1_000, 2_000]);
  await projector.stop();
});

test('a stop ends the wait for the next start', async () => {
  threads[0]?.end(new Error('no master key'));
  await projector.stop();
  jest.advanceTimersByTime(MINUTE);
  expect(threads).toHaveLength(1);
});
