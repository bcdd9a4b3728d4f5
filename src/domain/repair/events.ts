import { Type } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { data } from '../vocabulary';

/**
 * Events by which an operator has readers skip an event that none can apply (stream `rolebook.repair`). They concern
 * the log itself, so they belong to no account.
 */
export const repairEvents = {
  EventVoided: data(
    {
      event: Type.String({
        format: 'uuid',
        description: 'Id of the event that is void. Ids need not be unique.',
      }),
      stream: Type.String({
        minLength: 1,
        description: 'Its stream, as `rolebook.…` whatever the prefix of the installation is.',
      }),
      revision: Type.Integer({ minimum: 0, description: 'Its revision in the stream, from 0.' }),
      digest: Type.String({
        pattern: '^[0-9a-f]{64}$',
        description:
          'SHA-256, hex, of the event as canonical JSON (RFC 8785) of `id`, `type`, `stream`, `revision`, `data` and `metadata`.',
      }),
      reason: Type.String({ minLength: 1, maxLength: 200, description: 'Reason, in the operator’s words.' }),
    },
    'One event that no reader could apply is void: it stays in the log, and changes nothing.',
  ),
} as const;

export type RepairEvent = EventOf<typeof repairEvents>;
