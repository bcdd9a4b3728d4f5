import { useState } from 'react';
import { useClient } from 'urql';
import { ChangeRolesDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { announce } from '../../ui/feedback/live';
import { offerUndo } from '../../ui/feedback/undo';
import { useCommand } from '../use-command';
import type { Assignment, UserOfPage } from '../user-types';
import { allRefusals, undoRoles } from './change-roles';

/** Takes roles from a user: at once, each with Undo, or after a question where no Undo could give them back. */
export function useUnassign({ key, name, status, assignments }: UserOfPage) {
  const [asked, ask] = useState<Assignment | null>(null);
  const client = useClient();
  const names = new Map(assignments?.map(({ role }) => [role.key, role.name]));
  const { run, ...command } = useCommand({
    document: ChangeRolesDocument,
    refusalsOf: ({ updateUserRoles }) => allRefusals(updateUserRoles),
  });
  /** @returns true if the role is taken away */
  const unassign = async (assignment: Assignment): Promise<boolean> => {
    const { role } = assignment;
    // Nobody inactive gets roles, so that one that is taken away stays away.
    if (status !== 'ACTIVE') {
      ask(assignment);
      return false;
    }
    if (!(await run({ userId: key, unassignRoleIds: [role.key] }))) return false;
    offerUndo({
      text: t('userRoles.unassigned', { role: role.name, name }),
      undo: () => undoRoles(client, { userId: key, assignRoleIds: [role.key] }, names),
    });
    return true;
  };
  const unassignForGood = async (reason: string): Promise<void> => {
    if (!asked) return;
    const { role } = asked;
    ask(null);
    const input = { userId: key, unassignRoleIds: [role.key] };
    if (await run(reason.trim() === '' ? input : { ...input, reason }))
      announce(t('userRoles.unassigned', { role: role.name, name }));
  };
  return { ...command, names, unassign, asked, dismiss: () => ask(null), unassignForGood };
}
