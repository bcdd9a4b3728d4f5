import { registerEnumType } from 'type-graphql';
import type { UserRow } from '../../../projections/view';
import type { PinnedView } from '../pinned-view';
import { allowedOf, privilegesOver, type Privileges } from '../role/role-actions';

export const UserAction = {
  EDIT_DETAILS: 'EDIT_DETAILS',
  EDIT_ROLES: 'EDIT_ROLES',
  EDIT_IDENTITIES: 'EDIT_IDENTITIES',
  DEACTIVATE: 'DEACTIVATE',
  REACTIVATE: 'REACTIVATE',
  ERASE: 'ERASE',
} as const;
export type UserAction = keyof typeof UserAction;
registerEnumType(UserAction, {
  name: 'UserAction',
  description:
    'Actions that a caller may take on a user. That the last active account admin stays is decided when it is tried (`LAST_ADMIN`).',
  valuesConfig: {
    EDIT_DETAILS: {
      description:
        'Change name, username and external id. Needs `users/manage`; all but the name also every privileged permission that the user’s roles grant.',
    },
    EDIT_ROLES: {
      description:
        'Assign roles to the user and take them away. Needs `roles/assign`; `EDIT_MEMBERSHIP` of a role says if that one can be.',
    },
    EDIT_IDENTITIES: {
      description:
        'Link identities to the user and unlink them, all but the last one of oneself. Needs `users/manage`, and every privileged permission that the user’s roles grant.',
    },
    DEACTIVATE: {
      description:
        'Take all effect from the roles of an active user; not oneself. Needs `users/manage`, and every privileged permission that these grant.',
    },
    REACTIVATE: {
      description:
        'Give the roles of an inactive user effect again. Needs `users/manage`, and every privileged permission that these grant.',
    },
    ERASE: {
      description:
        'Erase the user for ever; not oneself. Needs `users/erase`, and every privileged permission that the user’s roles grant.',
    },
  },
});

/** Actions that the caller of a request may take on a user, in the order of the page. */
export function userActions(
  moment: PinnedView,
  { id, status }: Pick<UserRow, 'id' | 'status'>,
): UserAction[] | Promise<UserAction[]> {
  const { caller } = moment.request;
  if (status === 'ERASED') return [];
  const manage = caller.may('users/manage');
  const other = id !== caller.user;
  const actions = ({ take }: Pick<Privileges, 'take'>): UserAction[] =>
    allowedOf<UserAction>({
      EDIT_DETAILS: manage,
      EDIT_ROLES: caller.may('roles/assign'),
      EDIT_IDENTITIES: manage && take,
      DEACTIVATE: manage && other && take && status === 'ACTIVE',
      REACTIVATE: manage && take && status === 'INACTIVE',
      ERASE: caller.may('users/erase') && other && take,
    });
  const ending = manage || caller.may('users/erase');
  if (!ending || caller.beyondRight(moment.catalogue).size === 0) return actions({ take: true });
  return moment.rolesOf
    .load(id)
    .then((roles) => privilegesOver(moment, roles ?? []))
    .then(actions);
}
