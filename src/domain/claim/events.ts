import { Type, type Static } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { data, ID_PATTERN, UserId } from '../vocabulary';

export const ClaimKind = Type.Union([
  Type.Literal('ROLE_NAME'),
  Type.Literal('USERNAME'),
  Type.Literal('EXTERNAL_ID'),
  Type.Literal('IDENTITY'),
  Type.Literal('ROLE_CONFLICT'),
]);
export type ClaimKind = Static<typeof ClaimKind>;

const fields = {
  kind: ClaimKind,
  owner: Type.String({ pattern: ID_PATTERN, description: 'Id of the role or user that claims.' }),
  users: Type.Array(UserId, {
    description: 'For role conflicts: the users about to be assigned; else empty.',
  }),
};

/**
 * Events of a claim (stream `rolebook.claim-<account>.<hash>`). A claim reserves a key that only one owner may hold;
 * whether the owner holds it is decided by the owner's own stream. It carries a hash, no name.
 */
export const claimEvents = {
  Claimed: data(fields, 'The owner reserved the key, or confirmed its reservation.'),
  Released: data(fields, 'The owner released the key.'),
} as const;

export type ClaimEvent = EventOf<typeof claimEvents>;
