import { Map as ImmutableMap, Set as ImmutableSet } from 'immutable';
import { accountFold, claimFold, roleFold, userFold } from '../../src/commands/streams/folds';
import type { Fold } from '../../src/commands/streams/stream-state';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { BESIDE } from './invariants';
import type { Local } from './process';
import type { SharedLog } from './shared-log';
import { answerText, callText } from './shelves';

/**
 * When are two places of two schedules the same? When whatever can follow one can follow the other, but for names that
 * nobody looks into. A text that is equal for such places makes the endless retries of two contenders a circle in a
 * finite graph. What it leaves out, and why that cannot matter:
 *
 * - What a process saw in attempts before the present one: an attempt starts from its command and `carried` alone.
 *   How many attempts there were is not counted either; whoever waits to try again may give up instead.
 * - How often a claim was claimed, or a stream fenced, before: only what the stream folds to, and which of the commands'
 *   own events it has, by ids.
 * - Revisions, but for their order: they are compared with each other, and with the stream's end, in an append. One
 *   behind the end conflicts, unless the very ids follow it: those of keyed commands are kept.
 * - When key books were asked, as against the log: a process asks in an order that follows from the answers. All that it
 *   was answered by them is kept, for what it has seen of a segment it may hold open through all attempts.
 * - Positions, but for their order with the commands' own keyed events: `release` compares nothing else.
 */
export function stateKey(log: SharedLog, start: SharedLog, locals: readonly Local[]): string {
  const place = placesIn(log);
  const ends = new Map<string, Set<number>>();
  for (const { stream, events } of readsOf(locals)) {
    const known = ends.get(stream) ?? new Set([log.read(stream).length]);
    ends.set(stream, known.add(events.length));
  }
  const changed = [...log.streams].filter(([stream, events]) => start.read(stream) !== events);
  return [
    ...changed.map(([stream, events]) => `${stream} ${canonical(stream, events, place)}`).sort(),
    ...locals.map((local) => localKey(local, log, ends, place)),
  ].join('\n');
}

function localKey(
  { call, said, attempt, ofBooks, carried }: Local,
  log: SharedLog,
  ends: ReadonlyMap<string, ReadonlySet<number>>,
  place: Place,
): string {
  const seen = attempt.flatMap(({ call: made, answer }) => {
    if (made.kind === 'segments') return [];
    if (made.kind === 'read') {
      const events = answer as readonly RecordedEvent[];
      const later = [...(ends.get(made.stream) ?? [])].filter((end) => end > events.length).length;
      const next = log
        .read(made.stream)
        .slice(events.length, events.length + LONGEST_APPEND)
        .map(repeatable);
      return `read ${made.stream} ${canonical(made.stream, events, place)} ${later} ${next.join()}`;
    }
    if (made.kind !== 'append' || typeof answer === 'string' || !('outcome' in answer)) return String(answer);
    const types = made.events.map(({ type }) => type).join();
    return `append ${made.stream} ${types} ${answer.outcome === 'appended' ? place(answer.position) : 'not'}`;
  });
  const left = JSON.stringify(carried, (name, value: unknown) => (name === 'position' ? undefined : value));
  const books = ofBooks.map(({ call: made, answer }) => `${callText(made)}: ${answerText(answer)}`);
  return `${call?.kind ?? 'no'} ${said.join()} ${left}\n  ${[...seen, ...books].join('\n  ')}`;
}

/** No command of the scenarios appends more events at once. */
const LONGEST_APPEND = 4;

/** The id of an event that another process may send too, at the same place; others are never sent twice. */
const repeatable = ({ id, type, metadata }: RecordedEvent): string =>
  metadata.keyed === 'true' && !BESIDE.has(type) ? id : '';

const readsOf = (locals: readonly Local[]) =>
  locals.flatMap(({ attempt }) =>
    attempt.flatMap(({ call, answer }) =>
      call.kind === 'read' ? [{ stream: call.stream, events: answer as readonly RecordedEvent[] }] : [],
    ),
  );

/** Number of the commands' own keyed events before a position. */
type Place = (position: bigint) => number;

function placesIn(log: SharedLog): Place {
  const positions = log.events.filter((event) => repeatable(event) !== '').map(({ position }) => position);
  return (position) => positions.filter((each) => each < position).length;
}

interface Canonical {
  readonly text: string;
  readonly positions: readonly bigint[];
}
const folded = new WeakMap<readonly RecordedEvent[], Canonical>();

function canonical(stream: string, events: readonly RecordedEvent[], place: Place): string {
  let known = folded.get(events);
  if (!known) folded.set(events, (known = fold(stream, events)));
  return `${known.text} ${known.positions.map(place).join()}`;
}

const FOLDS: Record<string, Fold<unknown>> = {
  claim: claimFold as Fold<unknown>,
  role: roleFold as Fold<unknown>,
  user: userFold as Fold<unknown>,
  account: accountFold as Fold<unknown>,
};

/** A stream as `StreamLoader` gives it to a command, and the ids of commands' own events. */
function fold(stream: string, events: readonly RecordedEvent[]): Canonical {
  const { initial, evolve } = FOLDS[parseStream(stream)?.category ?? ''] as Fold<unknown>;
  const commands = new Map<string, RecordedEvent>();
  for (const event of events)
    if (event.metadata.keyed === 'true') commands.set(String(event.metadata.commandId), event);
  const last = events.at(-1);
  return {
    text: JSON.stringify([
      plain(events.reduce(evolve, initial)),
      [...commands].map(([id, { metadata }]) => [id, metadata.inputHash]).sort(),
      events.filter(({ type }) => !BESIDE.has(type)).map(({ id }) => id),
    ]),
    positions: [...commands.values(), ...(last ? [last] : [])].map(({ position }) => position),
  };
}

/** Sets and maps in one order. */
function plain(state: unknown): unknown[] {
  const sorted = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return Object.entries(state as object).map(([name, value]: [string, unknown]) => [
    name,
    ImmutableSet.isSet(value) || ImmutableMap.isMap(value) ? sorted([...value]) : value,
  ]);
}
