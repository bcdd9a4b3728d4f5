import type { Pin, RolePreview, UnrecordedChange } from '../../view';
import type { Asking } from '../as-of-context';
import { countAccessDiffs, listAccessDiffs } from '../diff/list';
import { affectedBy } from './affected';
import { PreviewedRole } from './previewed-role';
import { UsersOfPreview } from './previewed-users';

/** A change of a role on top of what tables hold. Nothing is written: each question is answered with the change in mind. */
export function previewRole(ask: () => Asking, pin: Pin, change: UnrecordedChange): RolePreview {
  const role = new PreviewedRole(ask().reading, change);
  const by = { at: pin.time ?? new Date(0), actor: change.by };
  const users = (): UsersOfPreview => new UsersOfPreview(ask(), role, by);
  return {
    row: () => role.row(),
    isEdited: role.isEdited,
    grants: role.grants(),
    users: (which, filter, orderBy, page) => users().page(which, filter, orderBy, page),
    countUsers: (which, filter) => users().count(which, filter),
    affected(page) {
      const asking = ask();
      return listAccessDiffs(asking, affectedBy(asking, role), page);
    },
    countAffected: () => countAccessDiffs(affectedBy(ask(), role)),
  };
}
