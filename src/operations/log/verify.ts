import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { estimatedTotal } from '../../../projections/pace';
import { isEventType, validateEvent, validateMetadata } from '../../domain/schemas';
import type { EventStore, RecordedEvent } from '../../event-store/event-store';
import { parseStream } from '../../event-store/streams';

export interface LogReport {
  readonly events: number;
  readonly streams: number;
  /** SHA-256 over id, stream, revision, type, data and metadata of every event in log order; equal for copies. */
  readonly digest: string;
  readonly faults: readonly string[];
}

const MAX_FAULTS = 100;

/**
 * Walks a log and reports what is not as it should be: unknown or unsound events, gaps, appends that are not whole.
 * `onProgress` is told of an estimated total.
 */
export async function verifyLog(
  store: EventStore,
  onProgress: (done: number, total: number | null) => void,
): Promise<LogReport> {
  const end = (await store.head())?.position;
  const revisions = new Map<string, number>();
  const hash = createHash('sha256');
  const faults: string[] = [];
  let events = 0;
  let before: RecordedEvent | null = null;
  for await (const event of store.readAll()) {
    events += 1;
    const { id, stream, revision, type, data, metadata } = event;
    hash.update(`${canonicalize({ id, stream, revision, type, data, metadata }) ?? ''}\n`);
    for (const fault of faultsOf(event, before, revisions.get(stream) ?? -1)) {
      if (faults.length < MAX_FAULTS) faults.push(`revision ${revision} of ${stream}: ${fault}`);
    }
    revisions.set(stream, revision);
    before = event;
    onProgress(events, end === undefined ? null : estimatedTotal(events, event.position, end));
  }
  if (before && before.metadata.part !== before.metadata.parts) faults.push('the last append is not whole');
  return { events, streams: revisions.size, digest: hash.digest('hex'), faults };
}

function faultsOf(event: RecordedEvent, before: RecordedEvent | null, lastRevision: number): string[] {
  const faults: string[] = [];
  if (!parseStream(event.stream)) faults.push('is in a stream of no known name');
  if (event.revision !== lastRevision + 1) faults.push(`follows revision ${lastRevision}`);
  if (before && event.position <= before.position) faults.push('does not come after the event before it');
  if (!isEventType(event.type)) faults.push(`is of an unknown type ${event.type}`);
  else faults.push(...validateEvent(event.type, event.data));
  faults.push(...validateMetadata(event.metadata).map((fault) => `metadata: ${fault}`));
  const opens = event.metadata.part === '1';
  const continues =
    before !== null &&
    before.stream === event.stream &&
    before.metadata.commandId === event.metadata.commandId &&
    Number(event.metadata.part) === Number(before.metadata.part) + 1;
  const beforeWhole = before === null || before.metadata.part === before.metadata.parts;
  if (opens !== beforeWhole || (!opens && !continues))
    faults.push('stands in the middle of an append that is not whole');
  return faults;
}
