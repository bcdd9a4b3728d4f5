import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { parseStream, repairStream } from '../../src/event-store/port/streams';
import { HISTORY_EVENTS, type HistoryRow } from '../../projections/view';
import { changesOf } from '../../src/graphql/history/history-event.type';
import { NaiveCatalogue, type CatalogueEntry } from './naive-catalogue';

/**
 * History of an account, folded from the whole log as plainly as can be. Entries of the account have no changes here: events
 * hold these themselves.
 */
export interface NaiveEntry extends CatalogueEntry {
  readonly event: string;
  /** The time line’s: it never goes back. */
  readonly at: number;
  /** Number of the append that it was recorded with. */
  readonly append: number;
  /** True for an event that changed nothing, since it is void. */
  readonly isVoid: boolean;
}

/** Oldest first. `catalogue`: one that nothing was published to; it is taken to the end of the log. */
export function naiveHistory(
  log: readonly RecordedEvent[],
  account: string,
  catalogue = new NaiveCatalogue(),
): NaiveEntry[] {
  const entries: NaiveEntry[] = [];
  const granted = new Map<string, Set<string>>();
  let at = 0;
  let append = 0;
  for (const event of log) {
    // Times of void events are not believed, nor do those of repairs move the time line.
    if (!isVoid(event) && event.stream !== repairStream)
      at = Math.max(at, Date.parse(String(event.metadata['recordedAt'])));
    const of = (found: CatalogueEntry): NaiveEntry => ({
      ...found,
      event: event.id,
      at,
      append,
      isVoid: isVoid(event),
    });
    const stream = parseStream(event.stream);
    if (stream?.category === 'catalogue') entries.push(...catalogue.apply(event).map(of));
    else if (stream?.account === account && isShown(event)) {
      const { type, data } = event;
      const role = (data['role'] ?? null) as string | null;
      const permission = (data['permission'] ?? null) as string | null;
      const held = granted.get(String(role)) ?? new Set();
      granted.set(String(role), held);
      const about = type === 'RoleDeleted' ? [...held] : permission === null ? [] : [permission];
      entries.push(of({ type, role, permission, about, changes: [] }));
      if (type === 'PermissionGranted') held.add(permission!);
      if (type === 'PermissionRevoked') held.delete(permission!);
    }
    if (event.metadata['part'] === event.metadata['parts']) append += 1;
  }
  return entries;
}

export const isPassedOver = ({ metadata }: RecordedEvent): boolean => metadata['passedOver'] !== undefined;
export const isVoid = ({ metadata }: RecordedEvent): boolean => metadata['passedOver'] === 'void';
const isShown = ({ type, data }: RecordedEvent): boolean =>
  Object.hasOwn(HISTORY_EVENTS, type) && (type !== 'UserBarred' || data['member'] === true);

/** Lines that tell entries, newest event first. Within an event in alphabetical order: the rules of that are tested elsewhere. */
export const naiveLines = (entries: readonly NaiveEntry[]): string[] =>
  lines(
    entries
      .toReversed()
      .map(({ event, type, role, permission, at, changes }) => [
        event,
        `${event} ${type} ${role} ${permission} ${at} ${[...changes].sort().join('; ')}`,
      ]),
  );

export const linesOf = (rows: readonly HistoryRow[]): string[] =>
  lines(
    rows.map((row): [string, string] => {
      const { eventId, type, role, permission, at } = row;
      const changes = CHANGES.includes(type) ? changesOf(row) : [];
      const told = changes.map(
        ({ field, before, after, permission: of }) =>
          `${field}${of === null ? '' : ` of ${of}`}: ${before} -> ${after}`,
      );
      return [eventId, `${eventId} ${type} ${role} ${permission} ${at.getTime()} ${told.sort().join('; ')}`];
    }),
  );

/** Types of entries whose changes are compared. */
const CHANGES = [
  'CataloguePublished',
  'DefaultRoleChanged',
  'DefaultRoleRetired',
  'PermissionChanged',
  'PermissionRetired',
];

function lines(told: readonly (readonly [event: string, line: string])[]): string[] {
  const sorted: string[] = [];
  for (let from = 0; from < told.length;) {
    let to = from;
    while (to < told.length && told[to]![0] === told[from]![0]) to += 1;
    sorted.push(
      ...told
        .slice(from, to)
        .map(([, line]) => line)
        .sort(),
    );
    from = to;
  }
  return sorted;
}
