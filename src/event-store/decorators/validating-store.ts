import { FIRST_SCHEMA } from '../../domain/schema-versions';
import { faultLine } from '../../domain/schemas';
import { eventFaults } from '../../domain/sound-event';
import { demandWritable } from '../port/demand-writable';
import { UnsoundEventError, type Append, type EventStore, type NewEvent } from '../port/event-store';
import { parseStream } from '../port/streams';
import { writeSchemaOf, type WriteSchema } from './write-schema';

/**
 * A store that appends only what every reader of the log takes, those of earlier releases too. Whoever writes to the log
 * passes it: commands, imports, publications, the demo. One event that a reader refuses stops it, for every account.
 */
export function validating(store: EventStore, writable: WriteSchema = writeSchemaOf(store)): EventStore {
  const admitted = async (stream: string, events: readonly NewEvent[]): Promise<void> => {
    const wanted = schemaOf(events);
    if (wanted > FIRST_SCHEMA) await demandWritable({ writableSchema: writable }, stream, wanted);
  };
  return {
    append: async (stream, expected, events) => {
      demandSound(stream, events);
      await admitted(stream, events);
      return store.append(stream, expected, events);
    },
    appendInOrder: (appends) => store.appendInOrder(checked(appends, admitted)),
    writableSchema: writable,
    identity: () => store.identity(),
    line: () => store.line(),
    takeLine: (line) => store.takeLine(line),
    format: () => store.format(),
    origin: () => store.origin(),
    takeFormat: (...args) => store.takeFormat(...args),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    subscribe: (options) => store.subscribe(options),
    ...(store.clockSkewMs ? { clockSkewMs: () => store.clockSkewMs?.() ?? null } : {}),
    close: () => store.close(),
  };
}

async function* checked(
  appends: AsyncIterable<Append>,
  admitted: (stream: string, events: readonly NewEvent[]) => Promise<void>,
): AsyncIterable<Append> {
  for await (const append of appends) {
    demandSound(append.stream, append.events);
    await admitted(append.stream, append.events);
    yield append;
  }
}

/** @throws UnsoundEventError for the first event that a reader would refuse */
export function demandSound(stream: string, events: readonly NewEvent[]): void {
  const place = parseStream(stream);
  for (const event of events) {
    const faults = eventFaults(event, place);
    if (faults.length === 0) continue;
    const what = `A ${event.type} for ${stream} is not sound and was not written`;
    throw new UnsoundEventError(`${what}: ${faults.map(faultLine).join('; ')}`, faults);
  }
}

/** The schema version that sound events need: they name it. */
const schemaOf = (events: readonly NewEvent[]): number =>
  events.reduce(
    (highest: number, { metadata }) => Math.max(highest, Number(metadata['schemaVersion'])),
    FIRST_SCHEMA,
  );
