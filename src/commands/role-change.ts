import type { RoleWish } from '../domain/role/decide';
import type {
  AssignUsers,
  CreateRole,
  GrantPermissions,
  RevokePermissions,
  SelectSection,
  SetPermissionScopes,
  UnassignUsers,
  UpdateRole,
} from './inputs';

/** Every command on a role, as the one kind of change that the rules decide. */

export const update = ({ role: _, ...fields }: UpdateRole): RoleWish => {
  const { name, description, grants, assignUserIds, unassignUserIds, ...rest } = fields;
  return complete(rest, {
    name,
    description,
    ...(grants ? { grants: { kind: 'grant', grants, whole: true } } : {}),
    ...membership(assignUserIds, unassignUserIds, 'assignUserIds', 'unassignUserIds'),
  });
};

export const creation = ({ name, description, grants, userIds, ...rest }: CreateRole) =>
  complete(rest, {
    name,
    description,
    ...(grants ? ({ grants: { kind: 'grant', grants, whole: false } } as const) : {}),
    ...membership(userIds, null, 'userIds', 'userIds'),
  });

export const grant = ({ grants }: GrantPermissions): RoleWish => ({
  grants: { kind: 'grant', grants, whole: false },
});

export const revocation = ({ permissions }: RevokePermissions): RoleWish => ({
  grants: { kind: 'revoke', permissions },
});

export const sectionChange = ({ section, selected }: SelectSection): RoleWish => ({
  grants: { kind: 'section', section, selected },
});

export const scopeChange = ({ permission, scopes }: SetPermissionScopes): RoleWish => ({
  grants: { kind: 'scopes', permission, scopes },
});

export const assignment = ({ userIds }: AssignUsers): RoleWish =>
  membership(userIds, [], 'userIds', 'userIds');

export const unassignment = ({ userIds }: UnassignUsers): RoleWish =>
  membership([], userIds, 'userIds', 'userIds');

/** The part of a change that concerns users; none where the input names neither list. */
export function membership(
  assign: readonly string[] | null | undefined,
  unassign: readonly string[] | null | undefined,
  assignField: string,
  unassignField: string,
): Pick<RoleWish, 'membership'> {
  if (!assign && !unassign) return {};
  return { membership: { assign: assign ?? [], unassign: unassign ?? [], assignField, unassignField } };
}

/** Returns the change. Compiles only where it took all fields of the input, and left none in `rest`. */
const complete = <Change>(_rest: Readonly<Record<string, never>>, change: Change): Change => change;
