import { registerEnumType } from 'type-graphql';
import type { Caller } from '../rights';

export const RoleKind = { DEFAULT: 'DEFAULT', CUSTOM: 'CUSTOM' } as const;
export type RoleKind = keyof typeof RoleKind;
registerEnumType(RoleKind, {
  name: 'RoleKind',
  description: 'Where a role comes from.',
  valuesConfig: {
    DEFAULT: {
      description: 'Defined by the catalogue, the same for every account; only its users can change.',
    },
    CUSTOM: { description: 'Made in the account.' },
  },
});

export const RoleOrder = {
  DEFAULT_FIRST: 'DEFAULT_FIRST',
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
} as const;
export type RoleOrder = keyof typeof RoleOrder;
registerEnumType(RoleOrder, {
  name: 'RoleOrder',
  description: 'Orders of the role list.',
  valuesConfig: {
    DEFAULT_FIRST: { description: 'Default roles in the order of the catalogue, then custom roles by name.' },
    NAME_ASC: { description: 'By name, A first.' },
    NAME_DESC: { description: 'By name, Z first.' },
  },
});

export const RoleAction = {
  EDIT_DETAILS: 'EDIT_DETAILS',
  EDIT_PERMISSIONS: 'EDIT_PERMISSIONS',
  EDIT_MEMBERSHIP: 'EDIT_MEMBERSHIP',
  DUPLICATE: 'DUPLICATE',
  DELETE: 'DELETE',
} as const;
export type RoleAction = keyof typeof RoleAction;
registerEnumType(RoleAction, {
  name: 'RoleAction',
  description: 'What a caller may do with a role: the items of its three-dot menu.',
  valuesConfig: {
    EDIT_DETAILS: { description: 'Change name and description. Custom roles; needs `roles/manage`.' },
    EDIT_PERMISSIONS: { description: 'Change permissions and scopes. Custom roles; needs `roles/manage`.' },
    EDIT_MEMBERSHIP: { description: 'Assign and unassign users. Any role; needs `roles/assign`.' },
    DUPLICATE: { description: 'Make a custom role of it. Any role; needs `roles/manage`.' },
    DELETE: { description: 'Delete it. Custom roles; needs `roles/manage`.' },
  },
});

/** What a caller may do with a role that is there. */
export function roleActions(caller: Caller, kind: RoleKind): RoleAction[] {
  const manage = caller.may('roles/manage');
  const custom = manage && kind === 'CUSTOM';
  const allowed: Record<RoleAction, boolean> = {
    EDIT_DETAILS: custom,
    EDIT_PERMISSIONS: custom,
    EDIT_MEMBERSHIP: caller.may('roles/assign'),
    DUPLICATE: manage,
    DELETE: custom,
  };
  return (Object.keys(allowed) as RoleAction[]).filter((action) => allowed[action]);
}
