import { useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { useAsOf } from '../../past/use-as-of';
import { Button } from '../../ui/controls/Button';
import { Empty } from '../../ui/feedback/Empty';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Pager } from '../../ui/surfaces/Pager';
import { RefusalWords } from '../RefusalWords';
import type { UserPageSearch } from '../user-page-search';
import type { UserOfPage } from '../user-types';
import { AssignmentTable } from './AssignmentTable';
import { AssignRolesPanel } from './AssignRolesPanel';
import { UnassignDialog } from './UnassignDialog';
import { useUnassign } from './use-unassign';
import styles from './UserRolesTab.module.css';

interface Props {
  readonly user: UserOfPage;
  readonly search: UserPageSearch;
  readonly onShow: (search: UserPageSearch) => void;
}

const PAGE_SIZE = 50;

/** Roles that a user holds: since when, by whom and why. They are assigned in a panel, and taken away at once. */
export function UserRolesTab({ user, search, onShow }: Props): ReactNode {
  const [assigning, setAssigning] = useState(false);
  const { unassign, asked, state, refusals, fault, names, ...rest } = useUnassign(user);
  const assignments = user.assignments ?? [];
  const mayUnassign = user.allowedActions.includes('EDIT_ROLES');
  const mayAssign = mayUnassign && user.status === 'ACTIVE';
  const pages = Math.max(1, Math.ceil(assignments.length / PAGE_SIZE));
  const page = Math.min(search.page ?? 1, pages);
  const shown = assignments.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const info = {
    hasNextPage: page < pages,
    hasPreviousPage: page > 1,
    startCursor: null,
    endCursor: null,
  };
  return (
    <>
      {mayAssign && (
        <div className={styles.tools}>
          <Button data-assign onPress={() => setAssigning(true)}>
            {t('userRoles.assign')}
          </Button>
        </div>
      )}
      <RefusalWords refusals={refusals} names={names} />
      {fault && <FaultNote fault={fault} />}
      {assignments.length === 0 ? (
        <NoRoles user={user} mayAssign={mayAssign} />
      ) : (
        <AssignmentTable
          assignments={shown}
          dimmed={state !== 'idle'}
          mayUnassign={mayUnassign}
          onUnassign={unassign}
        />
      )}
      <Pager
        place={{ page }}
        size={PAGE_SIZE}
        total={assignments.length}
        shown={shown.length}
        info={info}
        onTurn={(place) => onShow({ ...search, page: place.page > 1 ? place.page : undefined })}
      />
      {asked && (
        <UnassignDialog
          role={asked.role.name}
          name={user.name}
          onClose={rest.dismiss}
          onUnassign={(reason) => void rest.unassignForGood(reason)}
        />
      )}
      {assigning && <AssignRolesPanel user={user} onClose={() => setAssigning(false)} />}
    </>
  );
}

function NoRoles({ user, mayAssign }: { readonly user: UserOfPage; readonly mayAssign: boolean }): ReactNode {
  const isPast = useAsOf() !== undefined;
  const isActive = user.status === 'ACTIVE';
  if (user.status === 'ERASED') return <Empty title={t('userRoles.erased')} />;
  return (
    <Empty title={t('userRoles.none', { name: user.name })}>
      {isActive && !isPast && <p>{t(mayAssign ? 'userRoles.noneHelp' : 'userRoles.noRight')}</p>}
    </Empty>
  );
}
