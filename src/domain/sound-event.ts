import { schemaNeeded, traitsOf } from './event-versions';
import type { LoggedMetadata } from './events';
import { newerMessage, newerSchema } from './schema-versions';
import type { EventForm } from './sealed-text';
import { compiledValidator, faultsAt, isEventType, metadataValidator, type Fault } from './schemas';

/**
 * Soundness of an event: every reader of the log accepts exactly this, so a writer may append nothing else. One pure
 * rule for both, so that no unreadable event is ever written.
 */

/** An event, as far as its soundness depends on it. */
export interface EventContent {
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** The stream of an event: its category and its owner. */
export interface EventPlace {
  readonly category: string;
  readonly account: string | null;
  readonly id: string | null;
}

/**
 * Faults of an event; none for a sound one. `place` is null if the stream is not one of Rolebook's. A path begins with
 * `type`, `stream`, `data` or `metadata`. `form` left out: as a log holds it.
 */
export function eventFaults(
  event: EventContent,
  place: EventPlace | null,
  form: EventForm = 'log',
): readonly Fault[] {
  const { type } = event;
  const newer = newerSchema(event);
  if (newer !== null) return [{ path: ['metadata', 'schemaVersion'], message: newerMessage(newer) }];
  if (!isEventType(type)) return [{ path: ['type'], message: 'its type is not known to this version' }];
  const ofData = compiledValidator(type, form);
  const ofMetadata = metadataValidator(form);
  if (!ofData.Check(event.data) || !ofMetadata.Check(event.metadata))
    return [
      ...inside('data', faultsAt(ofData, event.data)),
      ...inside('metadata', faultsAt(ofMetadata, event.metadata)),
    ];
  const metadata = event.metadata as LoggedMetadata;
  const needed = schemaNeeded(type, event.data, traitsOf(metadata));
  if (Number(metadata.schemaVersion) < needed)
    return [{ path: ['metadata', 'schemaVersion'], message: `it needs schema ${needed} at least` }];
  if (place === null) return [{ path: ['stream'], message: 'its stream is not one of Rolebook’s' }];
  const owner = ownerOf(place);
  const named = owner && (event.data as Readonly<Record<string, unknown>>)[owner.field];
  if (!owner || named === undefined || named === owner.id) return NONE;
  return [{ path: ['data', owner.field], message: `its ${owner.field} is not the one of its stream` }];
}

const NONE: readonly Fault[] = [];

const inside = (part: string, faults: readonly Fault[]): Fault[] =>
  faults.map(({ path, message }) => ({ path: [part, ...path], message }));

/** The field of an event's data that repeats the owner of its stream. */
function ownerOf({
  category,
  account,
  id,
}: EventPlace): { readonly field: string; readonly id: string | null } | null {
  if (category === 'account') return { field: 'account', id: account };
  return category === 'role' || category === 'user' ? { field: category, id } : null;
}
