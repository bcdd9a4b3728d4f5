import type { JsonSchema } from '../../domain/schemas';

/** The contract of the envelope, which holds for every event. What is added to it later is an attribute more. */

const text = (description: string, more: object = {}): JsonSchema => ({
  description,
  type: 'string',
  minLength: 1,
  ...more,
});

const COUNT = { pattern: '^[0-9]+$' };

export const ENVELOPE_SCHEMA: JsonSchema = {
  title: 'Envelope.v1',
  description:
    'An event of Rolebook as its readers get it: CloudEvents 1.0, structured. All attributes are texts. Readers ignore attributes that they do not know.',
  type: 'object',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'position',
    'stream',
    'revision',
    'sequence',
    'partitionkey',
  ],
  properties: {
    specversion: { description: 'Version of CloudEvents.', type: 'string', const: '1.0' },
    id: text('Id of the event.'),
    source: text('`/accounts/<account>`, `/catalogue`, or `/log` for what concerns the log itself.'),
    type: text('`rolebook.<Event>.v<version>`: its contract.', { pattern: '^rolebook\\..+\\.v[0-9]+$' }),
    subject: text('The stream that the event is on.'),
    time: text('Time at which it was recorded.', { format: 'date-time' }),
    datacontenttype: text('Type of the data.', { const: 'application/json' }),
    dataschema: text('Address of the contract of the data.', { format: 'uri' }),
    data: { description: 'What happened. Left out where the event is void.', type: 'object' },
    position: text('Position of the event: a feed that is asked for after it goes on with the next one.'),
    stream: text('The same as the subject.'),
    revision: text('Number of the event in its stream, from 0.', COUNT),
    account: text('The account; left out where the event is of none.'),
    actortype: text('Kind of the actor.', { enum: ['user', 'service', 'operator'] }),
    actorid: text('Id of the actor: a user’s id, a service or an operator.'),
    actorhost: text('Name of the machine where an operator gave the command.'),
    requestid: text('Correlation id of the request.'),
    causationid: text('Id of what caused the command, if anything did.'),
    commandid: text('Id of the command; the same for all of its events.'),
    command: text('The command that led to the event.'),
    part: text('Number of the event in its append, from 1: an append takes effect as a whole.', COUNT),
    parts: text('Number of events in the append.', COUNT),
    reason: text('Reason that was given; left out where there is none, or it was erased.'),
    schemaversion: text('Schema version that the event was recorded with.', COUNT),
    sequence: text('Number among the events of the source, from 1, in twelve digits.', {
      pattern: '^[0-9]{12,}$',
    }),
    partitionkey: text('The account, `catalogue` or `log`: events of one key are in order.'),
    voided: text('Present where the event was declared void: it changes nothing.', { const: 'true' }),
  },
};
