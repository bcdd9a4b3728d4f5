import { eventFaults } from '../../src/domain/sound-event';
import { openEmbeddedStore } from '../../src/event-store/embedded';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream } from '../../src/event-store/port/streams';
import { smallest, type Group } from '../context';
import { median } from '../stats';

/** CPU of the check that each event passes before it is appended and again when it is read, by event type. */
export const validation: Group = async (bench) => {
  const folder = await bench.data.folder(smallest(bench));
  const store = await openEmbeddedStore({ directory: folder.directory, readOnly: true });
  const byType = new Map<string, RecordedEvent[]>();
  for await (const event of store.readAll()) {
    const events = byType.get(event.type) ?? [];
    if (events.length < SAMPLES) byType.set(event.type, [...events, event]);
  }
  await store.close();
  const slowest = [...byType]
    .map(([type, events]) => ({ type, microseconds: median(roundsOf(events)) }))
    .reduce((a, b) => (b.microseconds > a.microseconds ? b : a));
  return [
    {
      what: `validation of an event, the slowest of ${byType.size} types (${slowest.type}), CPU`,
      value: slowest.microseconds,
      unit: 'µs',
      wanted: { of: 'value', atMost: 5 },
    },
  ];
};

const SAMPLES = 100;
const CHECKS = 50_000;
const ROUNDS = 5;

/** Microseconds of CPU for one event, once for each round; the first warms up and does not count. */
function roundsOf(events: readonly RecordedEvent[]): number[] {
  const places = events.map(({ stream }) => parseStream(stream));
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const before = process.cpuUsage();
    for (let n = 0; n < CHECKS; n += 1) {
      const at = n % events.length;
      if (eventFaults(events[at]!, places[at]!).length > 0)
        throw new Error('An event of the bench is not sound.');
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / CHECKS;
  });
  return rounds.slice(1);
}
