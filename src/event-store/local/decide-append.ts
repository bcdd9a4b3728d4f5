import type { AppendResult, ExpectedRevision, Position } from '../port/event-store';

/** State of one stream in a local store, as far as the decision on an append needs it. */
export interface StreamState {
  /** Last revision, -1 if the stream does not exist. */
  readonly last: number;
  /** Id and position of the events from `from`, at most `count`; fewer at the end of the stream. */
  slice(from: number, count: number): readonly { readonly id: string; readonly position: Position }[];
}

/** Write from revision `first`, or answer without writing: a conflict, or the first outcome of a repeated append. */
export type AppendDecision = { readonly outcome: 'write'; readonly first: number } | AppendResult;

/**
 * Decides an append exactly as EventStoreDB does, so that code which works on a local store works there.
 *
 * - Expected revision equal to the stream's: written, **even with known ids**. The log does not keep ids unique.
 * - Expected revision before it: the same ids at that revision are a repeat, also when the stream has grown since;
 *   anything else is a conflict ([a, b] after [a] too).
 * - `any`: a repeat when the stream ends with these ids. EventStoreDB remembers recent ids and may recognise one
 *   further back; callers must not rely on that, so here it is written again.
 */
export function decideAppend(
  expected: ExpectedRevision,
  ids: readonly string[],
  stream: StreamState,
): AppendDecision {
  const { last } = stream;
  if (expected === 'any') {
    const first = last + 1 - ids.length;
    return (first >= 0 && repeated(ids, first, stream)) || { outcome: 'write', first: last + 1 };
  }
  const revision = expected === 'no-stream' ? -1 : expected;
  if (revision === last) return { outcome: 'write', first: last + 1 };
  const repeat = revision < last ? repeated(ids, revision + 1, stream) : null;
  return repeat ?? { outcome: 'conflict', actual: last < 0 ? null : last };
}

function repeated(ids: readonly string[], first: number, stream: StreamState): AppendResult | null {
  const revision = first + ids.length - 1;
  if (revision > stream.last) return null;
  const present = stream.slice(first, ids.length);
  const end = present.at(-1);
  if (end === undefined || !ids.every((id, index) => present[index]?.id === id)) return null;
  return { outcome: 'appended', revision, position: end.position };
}
