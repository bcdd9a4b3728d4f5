import { eventContracts, type EventContract } from '../../domain/event-contracts';
import type { JsonSchema } from '../../domain/schemas';
import { ROUTES } from '../../http/routes';
import { envelopeOf } from '../envelope';
import { ENVELOPE_SCHEMA } from './envelope-schema';

/** The feeds as AsyncAPI 3.1: one channel, the events that it may hold, and what is said besides. */

const POSITION = { description: 'A position, to go on from.', type: 'string', minLength: 1 };

/** Messages that are no events, with an example each. */
const SAID = {
  heartbeat: {
    title: 'Heartbeat',
    summary:
      'Nothing new up to the position. In server-sent events: an event `heartbeat` with the position alone.',
    payload: {
      type: 'object',
      required: ['heartbeat', 'position'],
      properties: { heartbeat: { type: 'boolean', const: true }, position: POSITION },
    },
    examples: [{ payload: { heartbeat: true, position: '8k2m1q0z.3e8b1v7c0t9x2m4n6p8r0s1u3' } }],
  },
  end: {
    title: 'End',
    summary:
      'The last thing that is said: where a page or a feed ended, and why. In server-sent events: an event `end`, without the member `end`.',
    payload: {
      type: 'object',
      required: ['end', 'position'],
      properties: {
        end: { type: 'boolean', const: true },
        position: POSITION,
        more: { description: 'Of a page: there is more behind the position.', type: 'boolean' },
        reason: {
          description: 'The server stops, or the reader took nothing for too long.',
          type: 'string',
          enum: ['SHUTDOWN', 'TOO_SLOW'],
        },
        error: {
          description: 'What went wrong.',
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
    examples: [{ payload: { end: true, position: '8k2m1q0z.3e8b1v7c0t9x2m4n6p8r0s1u3', more: false } }],
  },
  reset: {
    title: 'Reset',
    summary: 'The log was replaced while the feed was open: positions of before are none of it. Begin anew.',
    payload: {
      type: 'object',
      required: ['reset', 'code', 'message'],
      properties: {
        reset: { type: 'boolean', const: true },
        code: { type: 'string' },
        message: { type: 'string' },
      },
    },
    examples: [
      {
        payload: {
          reset: true,
          code: 'POSITION_OF_A_FORK',
          message: 'This log has another event at that position: it was replaced.',
        },
      },
    ],
  },
} as const;

const TAGS = [{ name: 'events' }];

/** The document, of a version of this package. */
export function asyncApi(version: string): JsonSchema {
  const contracts = eventContracts();
  const names = [...contracts.map(({ name }) => name), ...Object.keys(SAID)];
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Rolebook: events',
      version,
      description:
        'Every change of roles, users and rights of an account, in order, from the first one on and as they come. Each message has the form of CloudEvents 1.0.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      contact: { name: 'Who runs this Rolebook', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: TAGS,
    },
    defaultContentType: 'application/json',
    servers: { rolebook: { host: 'localhost:4000', protocol: 'http', description: 'A Rolebook.' } },
    channels: {
      events: {
        address: ROUTES.events.path,
        title: 'Events',
        description:
          'NDJSON (`Accept: application/x-ndjson`) or server-sent events (`Accept: text/event-stream`). Parameters: `after`, `types`, `role`, `user`, `limit`, `follow`, and `account` for operators; the header `Last-Event-ID` wins over `after`.',
        messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      tellEvents: {
        action: 'send',
        title: 'Events of an account',
        summary: 'Events in the order of the log, each once.',
        description: 'Needs `audit-log/view`. Names are told to those alone who have `users/view`.',
        channel: { $ref: '#/channels/events' },
        bindings: { http: { method: 'GET', bindingVersion: '0.3.0' } },
        tags: TAGS,
      },
    },
    components: {
      messages: {
        ...Object.fromEntries(contracts.map((contract) => [contract.name, messageOf(contract)])),
        ...Object.fromEntries(
          Object.entries(SAID).map(([name, said]) => [
            name,
            { name, contentType: 'application/json', ...said },
          ]),
        ),
      },
      schemas: {
        Envelope: inDraft7(ENVELOPE_SCHEMA) as JsonSchema,
        ...Object.fromEntries(contracts.map(({ name, schema }) => [name, inDraft7(schema) as JsonSchema])),
      },
    },
  };
}

const messageOf = (contract: EventContract): JsonSchema => ({
  name: contract.name,
  title: contract.type,
  summary: contract.description,
  contentType: 'application/cloudevents+json',
  tags: TAGS,
  payload: {
    allOf: [
      { $ref: '#/components/schemas/Envelope' },
      {
        type: 'object',
        properties: {
          type: { type: 'string', const: `rolebook.${contract.name}` },
          data: { $ref: `#/components/schemas/${contract.name}` },
        },
      },
    ],
  },
  examples: [{ name: contract.type, payload: exampleOf(contract) }],
});

/** An envelope with the example of a contract. */
function exampleOf({ type, version, example }: EventContract): object {
  const isOfCatalogue = !('user' in example || 'account' in example) && 'publication' in example;
  const stream = isOfCatalogue
    ? 'rolebook.catalogue'
    : `rolebook.${STREAMS[type] ?? 'role-acme.kQ3vT8mZpL1xW6dR'}`;
  return envelopeOf(
    {
      id: '5d0b7a52-6f0c-8b1e-9c5a-2f1b7d3e4a60',
      type,
      data: example as Parameters<typeof envelopeOf>[0]['data'],
      metadata: {
        actorType: 'operator',
        actorId: 'root',
        requestId: '0f6c1d2e-7b3a-4c5d-8e9f-0a1b2c3d4e5f',
        commandId: '9b1c7e3a-2d4f-4a6b-8c0d-1e2f3a4b5c6d',
        command: 'example',
        part: '1',
        parts: '1',
        schemaVersion: String(version),
        recordedAt: '2026-03-02T08:15:30.000Z',
      },
      stream,
      revision: 4,
      position: 0n,
    },
    {
      entry: {
        owner: isOfCatalogue ? { kind: 'catalogue' } : { kind: 'account', id: 'acme' },
        number: 1_042,
        isVoid: false,
      },
      position: '8k2m1q0z.3e8b1v7c0t9x2m4n6p8r0s1u3',
      base: 'https://rolebook.example.com',
    },
  );
}

/** Streams of the examples that are not of a role. */
const STREAMS: Readonly<Record<string, string>> = {
  AccountOpened: 'account-acme',
  FeatureEnabled: 'account-acme',
  FeatureDisabled: 'account-acme',
  Claimed: 'claim-acme.3q2-7wAAZmlyc3QgY2xhaW0gb2YgYW4gZXhhbXBsZS4',
  Released: 'claim-acme.3q2-7wAAZmlyc3QgY2xhaW0gb2YgYW4gZXhhbXBsZS4',
  EventVoided: 'repair',
  ...Object.fromEntries(
    [
      'UserRegistered',
      'UserProfileChanged',
      'UserLoggedIn',
      'UserDeactivated',
      'UserReactivated',
      'UserErased',
      'UsernameReleased',
      'UserIdentityLinked',
      'UserIdentityUnlinked',
      'ApiKeyCreated',
      'ApiKeyRevoked',
    ].map((type) => [type, 'user-acme.b7XcN2fYqH9sJ4aE']),
  ),
};

/** A schema in the words of draft 7, which AsyncAPI checks payloads by: tuples are lists of items. */
function inDraft7(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inDraft7);
  if (typeof part !== 'object' || part === null) return part;
  const { prefixItems, items, ...rest } = part as Record<string, unknown>;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, inDraft7(value)]),
  );
  if (prefixItems !== undefined)
    Object.assign(copy, { items: inDraft7(prefixItems), additionalItems: items });
  else if (items !== undefined) copy.items = inDraft7(items);
  return copy;
}
