import { createHash } from 'node:crypto';
import { eventFault } from '../../../projections';
import type { Place } from '../../../projections/view';
import { newerMessage, newerSchema } from '../../domain/schema-versions';
import { isEventType, validateEvent, validateMetadata } from '../../domain/schemas';
import type { LogFormat, Position, RecordedEvent } from '../../event-store/port/event-store';
import { parseStream } from '../../event-store/port/streams';
import { counted } from '../../domain/text';
import { canonicalEvent } from '../../repair/digest';
import { isRepair, readVoids, voidOf, type EventVoid, type Voids } from '../../repair/voids';
import { estimatedTotal } from '../../shared/progress';
import type { CopySource } from './copy';
import { placeAfter } from './places';

export interface LogReport {
  readonly format: LogFormat;
  readonly events: number;
  readonly streams: number;
  /** Events that were declared void; they are not reported as faults any more. */
  readonly voided: number;
  /** Place of the last event. */
  readonly place: Place | null;
  /** SHA-256 over id, stream, revision, type, data and metadata of every event in log order; equal for copies. */
  readonly digest: string;
  readonly faults: readonly string[];
}

export interface VerifyOptions {
  /** True if positions of this store have no gaps, so that a gap shows that an event was removed. */
  readonly contiguous?: boolean;
  /** Digest of the log, noted when it ended at that position. */
  readonly known?: { readonly position: Position; readonly digest: string };
  /** Called with each event that is not void. */
  readonly onEvent?: (event: RecordedEvent) => void;
}

const MAX_FAULTS = 100;

/**
 * Walks a log and reports its faults: unknown or unsound events, gaps, incomplete appends, declarations of void events
 * that name none, and any difference from a digest that was noted before. `onProgress` gets an estimated total.
 */
export async function verifyLog(
  store: CopySource,
  onProgress: (done: number, total: number | null) => void,
  options: VerifyOptions = {},
): Promise<LogReport> {
  const end = (await store.head())?.position;
  const walk = new Walk(await readVoids(store), options);
  for await (const event of store.readAll()) {
    walk.take(event);
    onProgress(walk.events, end === undefined ? null : estimatedTotal(walk.events, event.position, end));
  }
  return { format: await store.format(), ...walk.report() };
}

/** The walk and its findings. */
class Walk {
  events = 0;
  #voided = 0;
  readonly #revisions = new Map<string, number>();
  readonly #hash = createHash('sha256');
  readonly #faults: string[] = [];
  /** Declarations without a matching event so far. */
  readonly #unmet: Set<EventVoid>;
  #before: RecordedEvent | null = null;
  #place: Place | null = null;
  #beforeIsVoid = false;
  #sawKnown = false;

  constructor(
    private readonly voids: Voids,
    private readonly options: VerifyOptions,
  ) {
    this.#unmet = new Set(voids.all);
  }

  take(event: RecordedEvent): void {
    const { stream, revision, position } = event;
    this.events += 1;
    this.#hash.update(`${canonicalEvent(event)}\n`);
    const declared = this.voids.of(event);
    if (declared) this.#voided += 1;
    else this.options.onEvent?.(event);
    const faults = [
      ...this.#faultsOfPlace(event),
      ...(declared ? [] : faultsOfContent(event)),
      ...this.#faultsOfVoids(event, declared),
      // Metadata of a void event may be anything, or missing.
      ...(declared || this.#beforeIsVoid ? [] : faultsOfAppend(event, this.#before)),
    ];
    for (const fault of faults) this.#fault(`revision ${revision} of ${stream}: ${fault}`);
    this.#revisions.set(stream, revision);
    this.#before = event;
    this.#place = placeAfter(this.#place, event, this.voids);
    this.#beforeIsVoid = declared !== null;
    if (position === this.options.known?.position) this.#compare(this.options.known.digest);
  }

  report(): Omit<LogReport, 'format'> {
    const before = this.#before;
    if (before && !this.#beforeIsVoid && before.metadata.part !== before.metadata.parts)
      this.#fault('the last append is not whole');
    for (const { event, stream, revision } of this.#unmet)
      this.#fault(
        `the event ${event} was declared void, but revision ${revision} of ${stream} is not what was declared so`,
      );
    if (this.options.known && !this.#sawKnown)
      this.#fault('there is no event at the noted position: the log was changed, or is another one');
    return {
      events: this.events,
      streams: this.#revisions.size,
      voided: this.#voided,
      place: this.#place,
      digest: this.#hash.digest('hex'),
      faults: this.#faults,
    };
  }

  #faultsOfPlace({ stream, revision, position }: RecordedEvent): string[] {
    const faults: string[] = [];
    const last = this.#revisions.get(stream) ?? -1;
    const reached = this.#before?.position ?? 0n;
    if (!parseStream(stream)) faults.push('is in a stream of no known name');
    if (revision !== last + 1) faults.push(`follows revision ${last}`);
    if (position <= reached) faults.push('does not come after the event before it');
    else if (this.options.contiguous && position !== reached + 1n)
      faults.push(`taken away before it: ${counted(Number(position - reached - 1n), 'event')}`);
    return faults;
  }

  #faultsOfVoids(event: RecordedEvent, declared: EventVoid | null): string[] {
    if (declared) {
      this.#unmet.delete(declared);
      return [];
    }
    if (!isRepair(event.stream) || newerSchema(event) !== null) return [];
    const made = voidOf(event);
    if (!made) return ['is no sound declaration of a void event, and has no effect'];
    const earlier = this.voids.at(made).some(({ position }) => position < made.position);
    if (earlier) this.#unmet.delete(this.voids.at(made).find(({ position }) => position === made.position)!);
    return earlier ? ['declares void what was declared void before'] : [];
  }

  #compare(digest: string): void {
    this.#sawKnown = true;
    const now = this.#hash.copy().digest('hex');
    if (now !== digest)
      this.#fault(`up to the position that was noted the digest is ${now}: the log was changed`);
  }

  #fault(fault: string): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }
}

function faultsOfContent(event: RecordedEvent): string[] {
  const { type, data, metadata } = event;
  const newer = newerSchema(event);
  // Nothing else about it can be said.
  if (newer !== null) return [`${type} is newer than this program: ${newerMessage(newer)}`];
  const faults = isEventType(type) ? validateEvent(type, data) : [`is of an unknown type ${type}`];
  faults.push(...validateMetadata(metadata).map((fault) => `metadata: ${fault}`));
  // An event that conforms to its definition may still be on a stream where readers refuse it.
  if (faults.length === 0 && parseStream(event.stream)) {
    const refusal = eventFault(event);
    if (refusal !== null) faults.push(refusal);
  }
  return faults;
}

function faultsOfAppend(event: RecordedEvent, before: RecordedEvent | null): string[] {
  const { part, commandId } = event.metadata;
  const continues =
    before !== null &&
    before.stream === event.stream &&
    before.metadata.commandId === commandId &&
    Number(part) === Number(before.metadata.part) + 1;
  const beforeWhole = before === null || before.metadata.part === before.metadata.parts;
  const opens = part === '1';
  const fits = opens === beforeWhole && (opens || continues);
  return fits ? [] : ['is in the middle of an append that is not whole'];
}
