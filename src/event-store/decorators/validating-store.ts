import { faultLine } from '../../domain/schemas';
import { eventFaults } from '../../domain/sound-event';
import { UnsoundEventError, type Append, type EventStore, type NewEvent } from '../port/event-store';
import { parseStream } from '../port/streams';

/**
 * A store that appends only what every reader of the log takes. Whoever writes to the log passes it: commands, imports,
 * publications, the demo, the copy of a log. One event that a reader refuses stops every replica, for every account.
 */
export function validating(store: EventStore): EventStore {
  return {
    append: async (stream, expected, events) => {
      demandSound(stream, events);
      return store.append(stream, expected, events);
    },
    appendInOrder: (appends) => store.appendInOrder(checked(appends)),
    identity: () => store.identity(),
    line: () => store.line(),
    takeLine: (line) => store.takeLine(line),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    subscribe: (options) => store.subscribe(options),
    ...(store.clockSkewMs ? { clockSkewMs: () => store.clockSkewMs?.() ?? null } : {}),
    close: () => store.close(),
  };
}

async function* checked(appends: AsyncIterable<Append>): AsyncIterable<Append> {
  for await (const append of appends) {
    demandSound(append.stream, append.events);
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
