import { useClient } from 'urql';
import { ChangeRolesDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { offerUndo } from '../../ui/feedback/undo';
import { useCommand } from '../use-command';
import type { Assignment, UserOfPage } from '../user-types';
import { allRefusals, undoRoles } from './change-roles';

/** Takes roles from a user at once; each can be given back for a while. */
export function useUnassign({ key, name, assignments }: UserOfPage) {
  const client = useClient();
  const names = new Map(assignments?.map(({ role }) => [role.key, role.name]));
  const { run, ...command } = useCommand({
    document: ChangeRolesDocument,
    refusalsOf: ({ updateUserRoles }) => allRefusals(updateUserRoles),
  });
  const unassign = async ({ role }: Assignment): Promise<boolean> => {
    if (!(await run({ userId: key, unassignRoleIds: [role.key] }))) return false;
    offerUndo({
      text: t('userRoles.unassigned', { role: role.name, name }),
      undo: () => undoRoles(client, { userId: key, assignRoleIds: [role.key] }, names),
    });
    return true;
  };
  return { ...command, names, unassign };
}
