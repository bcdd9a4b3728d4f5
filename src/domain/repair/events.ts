import { Type, type TSchema } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { asLogged, asRead, inClear, type PersonalText } from '../sealed-text';
import { REASON_LIMIT } from '../text';
import { data } from '../vocabulary';

/** Events of repairs with the reason in one form. */
const definitions = <Reason extends TSchema>(reason: PersonalText<Reason>) =>
  ({
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
        reason: reason({
          minLength: 1,
          maxLength: REASON_LIMIT,
          description: 'Reason, in the operator’s words; the same as in the metadata. No names.',
        }),
      },
      'One event that no reader could apply is void: it stays in the log, and changes nothing.',
    ),
  }) as const;

/**
 * Events by which an operator has readers skip an event that none can apply (stream `rolebook.repair`). They concern
 * the log itself, so they belong to no account.
 */
export const repairEvents = definitions(inClear);
/** The same as a log holds them. */
export const loggedRepairEvents = definitions(asLogged);
/** The same as readers get them. */
export const readRepairEvents = definitions(asRead);

export type RepairEvent = EventOf<typeof repairEvents>;
/** Event as a log holds it. */
export type LoggedRepairEvent = EventOf<typeof loggedRepairEvents>;
/** Event as readers get it. */
export type ReadRepairEvent = EventOf<typeof readRepairEvents>;
