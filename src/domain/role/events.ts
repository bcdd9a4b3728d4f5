import { Type } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { data, PermissionKey, RoleId, ScopeNames, UserId } from '../vocabulary';

/**
 * Events of a role (stream `rolebook.role-<account>.<role>`). Every change has `from` and `to`, so that an entry is
 * readable alone. A default role's stream holds only its membership, for its grants are the catalogue's.
 */
export const roleEvents = {
  RoleCreated: data(
    {
      role: RoleId,
      name: Type.String({ minLength: 1, maxLength: 100 }),
      description: Type.Union([Type.String({ maxLength: 1000 }), Type.Null()]),
      copiedFrom: Type.Union([RoleId, Type.Null()], { description: 'The role it was duplicated from.' }),
    },
    'A custom role was created. Its first grants and users follow in the same append.',
  ),
  RoleRenamed: data(
    { role: RoleId, from: Type.String(), to: Type.String({ minLength: 1, maxLength: 100 }) },
    'A custom role got another name.',
  ),
  RoleDescriptionChanged: data(
    {
      role: RoleId,
      from: Type.Union([Type.String(), Type.Null()]),
      to: Type.Union([Type.String({ maxLength: 1000 }), Type.Null()]),
    },
    'A custom role got another description, or none.',
  ),
  PermissionGranted: data(
    { role: RoleId, permission: PermissionKey, scopes: ScopeNames },
    'A custom role got a permission, with the scopes that were kept (none: no API access).',
  ),
  PermissionScopesChanged: data(
    { role: RoleId, permission: PermissionKey, from: ScopeNames, to: ScopeNames },
    'The scopes kept with a granted permission changed.',
  ),
  PermissionRevoked: data(
    { role: RoleId, permission: PermissionKey, scopes: ScopeNames },
    'A custom role lost a permission; `scopes` are those it had.',
  ),
  UserAssigned: data(
    {
      role: RoleId,
      user: UserId,
      kind: Type.Optional(
        Type.Literal('SERVICE', {
          description:
            'Only on `account-admin`, and present where the user is a service user, who never counts as the last admin.',
        }),
      ),
    },
    'A user was assigned to the role.',
  ),
  UserUnassigned: data({ role: RoleId, user: UserId }, 'A user was unassigned from the role.'),
  RoleDeleted: data(
    { role: RoleId, name: Type.String() },
    'A custom role was deleted. It alone ends the assignments and grants of the role.',
  ),
  UserBarred: data(
    {
      role: RoleId,
      user: UserId,
      member: Type.Boolean({
        description:
          'True if it ended a membership. Bars once did; now every role is kept, and this is false also of a member.',
      }),
    },
    'Only on `account-admin`: a user is being deactivated. One who is a member does not count as an active admin, one who is none cannot become one.',
  ),
  UserUnbarred: data(
    { role: RoleId, user: UserId },
    'Only on `account-admin`: a reactivated user counts as an active admin again, or may become one.',
  ),
} as const;

/** On any stream that can own a claim: the owner's pending attempt at the claim was voided by a taker. */
export const fenceEvents = {
  ClaimAbandoned: data(
    { claim: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the claim stream.' }) },
    'A taker of the claim made sure that a slow attempt of this owner at the claim cannot succeed any more. It changes nothing else.',
  ),
} as const;

export type FenceEvent = EventOf<typeof fenceEvents>;
export type RoleEvent = EventOf<typeof roleEvents> | FenceEvent;

/** True if the event counts for the role's version: fences and bars of non-members have no visible effect. */
export function changesRole(event: { readonly type: string; readonly data: unknown }): boolean {
  if (event.type === 'ClaimAbandoned' || event.type === 'UserUnbarred') return false;
  return event.type !== 'UserBarred' || (event.data as { member: boolean }).member;
}
