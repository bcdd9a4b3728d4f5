import type { Append, AppendResult } from './event-store';

/** Number of appends in flight at a time. A server gains nothing from more. */
const UNDER_WAY = 64;

/**
 * Sends appends in their order and yields their results in the same order, many in flight at a time. The first goes
 * alone: the server that answers it takes the next ones. At the first failure it stops sending; appends in flight by
 * then may have been written.
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
      // The failure is thrown when its result is due; until then it must not count as unhandled.
      result.catch(() => undefined);
      underWay.push(result);
      for (; underWay.length >= room; room = UNDER_WAY) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}
