import type { RoleChange } from '../domain/role/decide';
import type { DetailsChange } from '../domain/role/details';
import {
  complete,
  type AssignUsers,
  type CreateRole,
  type GrantPermissions,
  type RevokePermissions,
  type SelectSection,
  type SetPermissionScopes,
  type UnassignUsers,
  type UpdateRole,
} from './inputs';

/** Converts every command on a role to the one kind of change that the rules decide. */

export const update = ({ role: _, ...fields }: UpdateRole): RoleChange => {
  const { name, description, grants, assignUserIds, unassignUserIds, ...rest } = fields;
  return complete(rest, {
    ...({ name, description } satisfies DetailsChange),
    ...(grants ? { grants: { kind: 'grant', grants, whole: true } } : {}),
    ...membership(assignUserIds, unassignUserIds),
  });
};

export const creation = ({ name, description, grants, userIds, ...rest }: CreateRole) =>
  complete(rest, {
    ...({ name, description } satisfies DetailsChange),
    ...(grants ? ({ grants: { kind: 'grant', grants, whole: false } } as const) : {}),
    ...membership(userIds, null),
  });

export const grant = ({ grants }: GrantPermissions): RoleChange => ({
  grants: { kind: 'grant', grants, whole: false },
});

export const revocation = ({ permissions }: RevokePermissions): RoleChange => ({
  grants: { kind: 'revoke', permissions },
});

export const sectionChange = ({ section, selected }: SelectSection): RoleChange => ({
  grants: { kind: 'section', section, selected },
});

export const scopeChange = ({ permission, scopes }: SetPermissionScopes): RoleChange => ({
  grants: { kind: 'scopes', permission, scopes },
});

export const assignment = ({ userIds }: AssignUsers): RoleChange => membership(userIds, []);

export const unassignment = ({ userIds }: UnassignUsers): RoleChange => membership([], userIds);

/** The part of a change that concerns users; none if the input names neither list. */
export function membership(
  assign: readonly string[] | null | undefined,
  unassign: readonly string[] | null | undefined,
): Pick<RoleChange, 'membership'> {
  if (!assign && !unassign) return {};
  return { membership: { assign: assign ?? [], unassign: unassign ?? [] } };
}
