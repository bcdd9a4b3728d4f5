import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gate, gateBounds, type GateBounds } from '../../src/http/graphql/gate';

/** Admission of requests: who is let in, and when. */
describe('The gate', () => {
  const gate = (bounds: Partial<GateBounds>): Gate => new Gate({ ...gateBounds(4), ...bounds });
  const overloaded = expect.objectContaining({ code: 'OVERLOADED' });

  /** Enters, and notes who was let in. */
  const entering = (door: Gate, log: string[], leaves: (() => void)[]) => (name: string) =>
    door.enter(name, 1).then((leave) => {
      log.push(name);
      leaves.push(leave);
    });

  test('lets in half of all at once for one caller, and keeps the rest for others', async () => {
    const [log, leaves]: [string[], (() => void)[]] = [[], []];
    const enter = entering(gate({}), log, leaves);
    const all = [...'aaaa', 'b'].map(enter);
    await nextTurn();
    expect(log.sort()).toEqual(['a', 'a', 'b']);
    for (let n = 0; n < all.length; n += 1) {
      leaves[n]?.();
      await nextTurn();
    }
    await Promise.all(all);
  });

  test('lets in callers in turns, and each in its own order', async () => {
    const [log, leaves]: [string[], (() => void)[]] = [[], []];
    const enter = entering(gate({ running: 1 }), log, leaves);
    const all = [...'aaaaabbc'].map(enter);
    for (let n = 0; n < all.length; n += 1) {
      await nextTurn();
      leaves[n]?.();
      // Twice is once.
      leaves[n]?.();
    }
    await Promise.all(all);
    expect(log.join('')).toBe('aabcabaa');
  });

  test('turns away whoever comes when too many wait, or too many bytes', async () => {
    const full = gate({ running: 1, waiting: 3, waitingOfEach: 2, waitingBytes: 10, waitMs: 60_000 });
    const leave = await full.enter('a', 100);
    const waiting = [full.enter('a', 1), full.enter('a', 1)];
    await expect(full.enter('a', 1)).rejects.toEqual(overloaded);
    await expect(full.enter('b', 9)).rejects.toEqual(overloaded);
    waiting.push(full.enter('b', 8));
    await expect(full.enter('c', 0)).rejects.toEqual(overloaded);
    leave();
    await Promise.all(waiting.map(async (next) => (await next)()));
    (await full.enter('c', 100))();
  });

  test('turns away whoever waited too long, and forgets them', async () => {
    const slow = gate({ running: 1, waitMs: 1 });
    const leave = await slow.enter('a', 1);
    await expect(slow.enter('b', 1)).rejects.toEqual(overloaded);
    leave();
    (await slow.enter('b', 1))();
  });
});
