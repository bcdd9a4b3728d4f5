import { registerEnumType } from 'type-graphql';
import type { RoleRow } from '../../../projections/view';
import type { PinnedView } from '../pinned-view';

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
  description: 'Actions that a caller may take on a role: the items of its three-dot menu.',
  valuesConfig: {
    EDIT_DETAILS: { description: 'Change name and description. Custom roles; needs `roles/manage`.' },
    EDIT_PERMISSIONS: {
      description:
        'Change permissions and scopes. Custom roles; needs `roles/manage`. `Permission.grantable` says which can be given.',
    },
    EDIT_MEMBERSHIP: {
      description:
        'Assign and unassign users. Any role; needs `roles/assign`, and every privileged permission that the role grants. While it grants one that left the catalogue, users can only be unassigned.',
    },
    DUPLICATE: {
      description:
        'Make a custom role of it. Any role; needs `roles/manage`, and every privileged permission that the role grants.',
    },
    DELETE: {
      description:
        'Delete it. Custom roles; needs `roles/manage`, and every privileged permission that the role grants.',
    },
  },
});

/** Actions that the caller of a request may take on a role that is not deleted, in the order of the menu. */
export function roleActions(
  moment: PinnedView,
  { id, kind }: Pick<RoleRow, 'id' | 'kind'>,
): RoleAction[] | Promise<RoleAction[]> {
  const { caller } = moment.request;
  const manage = caller.may('roles/manage');
  const assign = caller.may('roles/assign');
  const custom = kind === 'CUSTOM';
  const actions = ({ give, take }: Privileges): RoleAction[] =>
    allowedOf<RoleAction>({
      EDIT_DETAILS: manage && custom,
      EDIT_PERMISSIONS: manage && custom,
      // A privileged permission that left the catalogue can be given by nobody, and taken away by anybody.
      EDIT_MEMBERSHIP: assign && take,
      DUPLICATE: manage && give,
      DELETE: manage && custom && take,
    });
  if (!manage && !assign) return [];
  const privileges = privilegesOver(moment, [id]);
  return privileges instanceof Promise ? privileges.then(actions) : actions(privileges);
}

/** Actions of a menu that are allowed, in its order. */
export const allowedOf = <Action extends string>(menu: Readonly<Record<Action, boolean>>): Action[] =>
  (Object.keys(menu) as Action[]).filter((action) => menu[action]);

/** Rights of the caller over the privileged permissions that roles grant: to give them to others, to take them away. */
export interface Privileges {
  readonly give: boolean;
  readonly take: boolean;
}

/** Grants are read only for a caller who lacks some privileged permission of the catalogue: hardly any list needs them. */
export function privilegesOver(
  moment: PinnedView,
  roles: readonly string[],
): Privileges | Promise<Privileges> {
  const { catalogue, request, grants } = moment;
  const beyond = request.caller.beyondRight(catalogue);
  if (beyond.size === 0) return { give: true, take: true };
  return Promise.all(roles.map((role) => grants.load(role))).then((found) => {
    const lacked = found
      .flatMap((granted) => granted ?? [])
      .map(({ permission }) => permission)
      .filter((permission) => beyond.has(permission));
    // A retired permission is nobody’s: ending its grant takes nothing away.
    return { give: lacked.length === 0, take: !lacked.some((permission) => catalogue.present(permission)) };
  });
}
