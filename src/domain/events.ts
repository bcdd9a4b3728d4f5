import { Type, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import { accountEvents, type AccountEvent } from './account/events';
import { catalogueEvents, type CatalogueEvent } from './catalogue/events';
import { claimEvents, type ClaimEvent } from './claim/events';
import {
  loggedRepairEvents,
  readRepairEvents,
  repairEvents,
  type ReadRepairEvent,
  type RepairEvent,
} from './repair/events';
import { fenceEvents, roleEvents, type RoleEvent } from './role/events';
import { SCHEMA_VERSIONS } from './schema-versions';
import { asLogged, asRead, inClear, type EventForm, type PersonalText } from './sealed-text';
import { REASON_LIMIT } from './text';
import {
  loggedUserEvents,
  readUserEvents,
  userEvents,
  type ReadUserEvent,
  type UserEvent,
} from './user/events';
import { ActorType, HostName } from './vocabulary';

/** Every event that Rolebook records, the only source of TypeScript types, validators and `schema/events/*.json`. */
export const eventDefinitions = {
  ...catalogueEvents,
  ...accountEvents,
  ...userEvents,
  ...roleEvents,
  ...fenceEvents,
  ...claimEvents,
  ...repairEvents,
} as const satisfies Record<string, TSchema>;

/** Definitions in each form: those with personal texts differ. */
export const definitionsIn: Readonly<Record<EventForm, Readonly<Record<string, TObject>>>> = {
  plain: eventDefinitions,
  log: { ...eventDefinitions, ...loggedUserEvents, ...loggedRepairEvents },
  read: { ...eventDefinitions, ...readUserEvents, ...readRepairEvents },
};

/** The same, by their streams. */
export const eventGroups: Readonly<Record<string, Readonly<Record<string, TSchema>>>> = {
  '`rolebook.catalogue`': catalogueEvents,
  '`rolebook.account-<account>`': accountEvents,
  '`rolebook.user-<account>.<user>`': userEvents,
  '`rolebook.role-<account>.<role>`': roleEvents,
  'of a user or a role': fenceEvents,
  '`rolebook.claim-<account>.<hash>`': claimEvents,
  '`rolebook.repair`': repairEvents,
};

export type RolebookEvent = CatalogueEvent | AccountEvent | UserEvent | RoleEvent | ClaimEvent | RepairEvent;
/** Event as readers get it: a personal text may be null. */
export type ReadEvent = Exclude<RolebookEvent, UserEvent | RepairEvent> | ReadUserEvent | ReadRepairEvent;
export type EventType = keyof typeof eventDefinitions;

const text = (description: string) => Type.String({ description });

/** One of the versions that this build reads. */
const SchemaVersionText = Type.Union(SCHEMA_VERSIONS.map((version) => Type.Literal(String(version))));

/** Metadata that every event carries besides its data: flat strings, so that any consumer can read and index them. */
const metadataWith = <Reason extends TSchema>(reason: PersonalText<Reason>) =>
  Type.Object(
    {
      actorType: ActorType,
      actorId: text('Id of the actor: a user id, a service or an operator.'),
      actorHost: Type.Optional(HostName),
      account: Type.Optional(text('The account concerned; absent on the catalogue.')),
      command: text('The command that led to the event, e.g. `updateRole`.'),
      commandId: text('Id of the command; the same for all events of one command.'),
      keyed: Type.Optional(
        Type.Literal('true', { description: 'Present where the id comes from an idempotency key.' }),
      ),
      inputHash: text('SHA-256 of the command’s input as canonical JSON, hex.'),
      requestId: text('Correlation id of the request.'),
      causationId: Type.Optional(text('Id of the event or message that caused the command, if any.')),
      part: text('Number of the event in its append, from 1.'),
      parts: text('Number of events in the append.'),
      basis: text('Basis of the decision: `<position>@<catalogue version>`, `-` if there was none.'),
      reason: Type.Optional(
        reason({
          maxLength: REASON_LIMIT,
          description: 'Free text of the caller: a ticket, an approval. No names.',
        }),
      ),
      schemaVersion: SchemaVersionText,
      recordedAt: Type.String({
        format: 'date-time',
        description: 'Time at which the writer recorded it, UTC, milliseconds.',
      }),
    },
    { additionalProperties: false, description: 'Metadata of every event of Rolebook.' },
  );
export const EventMetadata = metadataWith(inClear);
export type EventMetadata = Static<typeof EventMetadata>;

const LoggedMetadata = metadataWith(asLogged);
/** Metadata as a log holds them: the reason clear or encrypted. */
export type LoggedMetadata = Static<typeof LoggedMetadata>;

const ReadMetadata = metadataWith(asRead);
/** Metadata as readers get them: a reason that was erased is null. */
export type ReadMetadata = Static<typeof ReadMetadata>;

export const metadataIn: Readonly<Record<EventForm, TObject>> = {
  plain: EventMetadata,
  log: LoggedMetadata,
  read: ReadMetadata,
};
