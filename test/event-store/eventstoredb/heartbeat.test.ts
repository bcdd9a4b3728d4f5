import { Heartbeat } from '../../../src/event-store/eventstoredb/heartbeat/heartbeat';
import { SILENT } from '../../../src/event-store/eventstoredb/options';
import type { Writer } from '../../../src/event-store/eventstoredb/writer';
import type { AppendResult } from '../../../src/event-store/port/event-store';

/** A beat that hangs keeps nobody waiting who subscribes anew. */

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const EVERY_MS = 1_500;

function beating() {
  const answers: ((result: AppendResult) => void)[] = [];
  const append = (stream: string): Promise<AppendResult> =>
    stream.startsWith('$$')
      ? Promise.resolve({ outcome: 'conflict', actual: 0 })
      : new Promise((resolve) => answers.push(resolve));
  const writer = { append } as unknown as Writer;
  const heartbeat = new Heartbeat('rolebook.heartbeat-1', writer, {
    everyMs: EVERY_MS,
    reads: 1,
    logger: SILENT,
  });
  const appended: AppendResult = { outcome: 'appended', revision: 0, position: 1n };
  return { heartbeat, sent: () => answers.length, answer: (n: number) => answers[n]!(appended) };
}
const settled = () => jest.advanceTimersByTimeAsync(0);

test('beats again so long after each answer while anyone listens, and no more after that', async () => {
  const { heartbeat, sent, answer } = beating();
  const silent = heartbeat.listen();
  await settled();
  expect(sent()).toBe(1);
  await jest.advanceTimersByTimeAsync(EVERY_MS * 3);
  expect(sent()).toBe(1);
  answer(0);
  await jest.advanceTimersByTimeAsync(EVERY_MS);
  expect(sent()).toBe(2);
  silent();
  answer(1);
  await jest.advanceTimersByTimeAsync(EVERY_MS * 3);
  expect(sent()).toBe(2);
});

test('beats at once for whoever subscribes anew while an earlier beat hangs, and goes on from that one alone', async () => {
  const { heartbeat, sent, answer } = beating();
  const lost = heartbeat.listen();
  await settled();
  lost();
  heartbeat.listen();
  await settled();
  expect(sent()).toBe(2);
  answer(0);
  await jest.advanceTimersByTimeAsync(EVERY_MS * 3);
  expect(sent()).toBe(2);
  answer(1);
  await jest.advanceTimersByTimeAsync(EVERY_MS);
  expect(sent()).toBe(3);
});
