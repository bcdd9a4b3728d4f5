import { useState } from 'react';
import { useClient } from 'urql';
import {
  ChangeRolesDocument,
  type RefusalFragment,
  type RoleChoiceFragment,
  type UpdateUserRolesInput,
} from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { offerUndo } from '../../ui/feedback/undo';
import { useCommand } from '../use-command';
import type { UserOfPage } from '../user-types';
import { undoRoles } from './change-roles';

type Refused = ReadonlyMap<string, readonly RefusalFragment[]>;

/** Assigns roles, each for itself; they can be taken back for a while. */
export function useAssign({ key, name }: UserOfPage) {
  const client = useClient();
  const [refused, setRefused] = useState<Refused>(new Map());
  const { run, state, refusals, fault } = useCommand({
    document: ChangeRolesDocument,
    refusalsOf: (data) => data.updateUserRoles?.errors,
  });
  /** @returns the roles that are not assigned */
  const assign = async (
    roles: readonly RoleChoiceFragment[],
    reason: string,
  ): Promise<readonly RoleChoiceFragment[]> => {
    const input: UpdateUserRolesInput = { userId: key, assignRoleIds: roles.map((role) => role.key) };
    const sent = await run(reason.trim() === '' ? input : { ...input, reason });
    if (!sent) return roles;
    const results = sent.updateUserRoles?.results ?? [];
    const fresh = new Map(results.map(({ roleId, errors }) => [roleId, errors]));
    setRefused(fresh);
    const changed = results.filter((result) => result.changed).map(({ roleId }) => roleId);
    const names = new Map(roles.map((role) => [role.key, role.name]));
    if (changed.length > 0)
      offerUndo({
        text: t('userRoles.assigned', {
          count: changed.length,
          role: names.get(changed[0] ?? '') ?? '',
          name,
        }),
        undo: () => undoRoles(client, { userId: key, unassignRoleIds: changed }, names),
      });
    return roles.filter((role) => (fresh.get(role.key) ?? []).length > 0);
  };
  return { assign, refused, sending: state !== 'idle', refusals, fault };
}
