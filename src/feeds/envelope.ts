import type { FeedEntry } from '../../projections/feed-reads';
import { contractName } from '../domain/event-contracts';
import { contractVersion } from '../domain/event-versions';
import type { JsonObject, RecordedEvent } from '../event-store/port/event-store';
import { ROUTES } from '../http/routes';

/** The form in which events are handed out: CloudEvents 1.0, structured, with extensions that are flat texts. */

export type Envelope = Readonly<Record<string, string | JsonObject>>;

/** Parts of an envelope besides the event. */
export interface Around {
  readonly entry: Pick<FeedEntry, 'owner' | 'number' | 'isVoid'>;
  /** Position of the event, for its reader. */
  readonly position: string;
  /** Address of this server as its readers know it; null where they did not name it. */
  readonly base: string | null;
}

/** Digits of `sequence`, so that texts are in the order of numbers. */
const SEQUENCE_DIGITS = 12;

/** The envelope of an event that is in clear. One that is void has no data: nobody could read them. */
export function envelopeOf(event: RecordedEvent, { entry, position, base }: Around): Envelope {
  const { metadata, stream } = event;
  const { owner, isVoid } = entry;
  const name = contractName(event.type, contractVersion(event.type, event.data));
  return {
    specversion: '1.0',
    id: event.id,
    source: sourceOf(owner),
    type: `rolebook.${name}`,
    subject: stream,
    ...texts({ time: metadata['recordedAt'] }),
    ...(isVoid
      ? { voided: 'true' }
      : {
          datacontenttype: 'application/json',
          ...(base === null
            ? {}
            : { dataschema: `${base}${ROUTES.eventSchema.path.replace(':id', `${name}.json`)}` }),
          data: event.data,
        }),
    position,
    stream,
    revision: String(event.revision),
    ...(owner.kind === 'account' ? { account: owner.id } : {}),
    ...texts({
      actortype: metadata['actorType'],
      actorid: metadata['actorId'],
      actorhost: metadata['actorHost'],
      requestid: metadata['requestId'],
      causationid: metadata['causationId'],
      commandid: metadata['commandId'],
      command: metadata['command'],
      part: metadata['part'],
      parts: metadata['parts'],
      reason: isVoid ? undefined : metadata['reason'],
      schemaversion: metadata['schemaVersion'],
    }),
    sequence: String(entry.number).padStart(SEQUENCE_DIGITS, '0'),
    partitionkey: owner.kind === 'account' ? owner.id : owner.kind,
  };
}

const sourceOf = (owner: FeedEntry['owner']): string =>
  owner.kind === 'account' ? `/accounts/${owner.id}` : `/${owner.kind}`;

/** Those that are texts: the metadata of a void event may be anything, and an attribute is never empty. */
const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
