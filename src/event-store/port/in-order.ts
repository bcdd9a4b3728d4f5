import type { Append, AppendResult } from './event-store';

/** So many appends are under way at a time, which is where a server has nothing left to gain. */
const UNDER_WAY = 64;

/**
 * Sends appends in their order and gives their results in the same order, many under way at a time. The first goes
 * alone: whoever answers it takes the next ones. At the first failure nothing more is sent; those under way then may
 * have been written.
 */
export async function* inOrder(
  appends: AsyncIterable<Append>,
  send: (append: Append) => Promise<AppendResult>,
): AsyncGenerator<AppendResult, void, undefined> {
  const underWay: Promise<AppendResult>[] = [];
  let room = 1;
  try {
    for await (const append of appends) {
      const result = send(append);
      // It is told in its turn.
      result.catch(() => undefined);
      underWay.push(result);
      for (; underWay.length >= room; room = UNDER_WAY) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
