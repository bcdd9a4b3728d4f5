import type { FeedEntry } from '../../projections/feed-reads';
import type { RecordedEvent } from '../event-store/port/event-store';
import { parseStream } from '../event-store/port/streams';
import { voidOf } from '../repair/voids';

/** Choice of a reader among the events of a feed; null: everything. */
export interface FeedFilter {
  /** Types as they were recorded. */
  readonly types: ReadonlySet<string> | null;
  /** Id of a role. */
  readonly role: string | null;
  /** Id of a user. */
  readonly user: string | null;
}

/**
 * True for an event that a reader wants: of its type, and of its role and user, if they were named: on their streams, or with
 * their ids in the data. The end of a publication is of every role, for without it nobody knows what holds.
 */
export function passes(
  event: RecordedEvent,
  { isVoid }: Pick<FeedEntry, 'isVoid'>,
  filter: FeedFilter,
): boolean {
  const { types, role, user } = filter;
  if (types !== null && !types.has(event.type)) return false;
  if (role === null && user === null) return true;
  if (event.type === 'CataloguePublished') return user === null;
  const stream = parseStream(voidOf(event)?.stream ?? event.stream);
  const of = (category: 'role' | 'user', id: string): boolean =>
    (stream?.category === category && stream.id === id) || (!isVoid && isNamed(event, category, id));
  return (role === null || of('role', role)) && (user === null || of('user', user));
}

function isNamed({ type, data }: RecordedEvent, category: 'role' | 'user', id: string): boolean {
  if (data[category] === id) return true;
  return category === 'role' && type.startsWith('DefaultRole') && data['key'] === id;
}
