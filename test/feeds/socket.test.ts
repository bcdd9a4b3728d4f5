import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Socket, StuckError, type RawSocket } from '../../src/feeds/subscriptions/socket';

/** A socket as the server has it: whoever takes nothing is told so and cut off. */

class Taking extends EventEmitter implements RawSocket {
  readonly protocol = 'graphql-transport-ws';
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  takes = true;
  send(text: string, done: () => void): void {
    this.sent.push(text);
    if (this.takes) done();
  }
  ping(): void {
    this.sent.push('ping');
  }
  close(code: number, reason: string): void {
    this.sent.push(`close ${code} ${reason}`);
  }
  terminate(): void {
    this.readyState = 3;
    this.emit('close', 1006, Buffer.from(''));
  }
}

test('a reader who takes nothing is told that, closed, and ended whether it answers or not', async () => {
  const raw = new Taking();
  const socket = new Socket(raw, 20);
  let stuck = 0;
  socket.onStuck = () => (stuck += 1);
  await socket.send('one');
  raw.takes = false;
  await expect(socket.send('two')).rejects.toThrow(StuckError);
  // The message of the end waits for nobody.
  await socket.send('the end');
  const ended = new Promise((resolve) => raw.once('close', resolve));
  await ended;
  expect(raw.sent).toEqual(['one', 'two', 'the end', 'close 1013 TOO_SLOW']);
  expect(stuck).toBe(1);
  await socket.send('nobody is there');
  expect(raw.sent).toHaveLength(4);
});

test('answers that nobody reads are bounded', async () => {
  for (const event of ['ping', 'message'] as const) {
    const raw = new Taking();
    new Socket(raw, 1_000);
    raw.emit(event, Buffer.from(''));
    await sleep(0);
    expect(raw.readyState).toBe(1);
    raw.bufferedAmount = 1024 * 1024 + 1;
    raw.emit(event, Buffer.from(''));
    expect(raw.readyState).toBe(3);
  }
});

test('whoever answers no ping is gone; whoever has not taken what was sent may be slow', () => {
  jest.useFakeTimers();
  try {
    const [gone, there, slow] = [new Taking(), new Taking(), new Taking()];
    for (const raw of [gone, there, slow]) new Socket(raw, 1_000);
    slow.bufferedAmount = 10;
    there.on('pong', () => undefined);
    jest.advanceTimersByTime(15_000);
    there.emit('pong', Buffer.from(''));
    jest.advanceTimersByTime(15_000);
    expect([gone, there, slow].map(({ readyState }) => readyState)).toEqual([3, 1, 1]);
    expect([gone.sent, slow.sent]).toEqual([['ping'], []]);
    there.terminate();
    slow.terminate();
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
