import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { assign, unassign } from '../../draft/edit';
import { RoleUsersDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Empty } from '../../ui/feedback/Empty';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Pager } from '../../ui/surfaces/Pager';
import { pageOf } from '../../ui/surfaces/place';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { useKept } from '../../ui/use-kept';
import { useRoleForm } from '../form';
import { placeOf, turned, type RoleSearch } from '../role-search';
import { UserTable, type UserRow } from './UserTable';

interface Props {
  readonly roleId: string | null;
  readonly search: RoleSearch;
  readonly onShow: (search: RoleSearch) => void;
}

const PAGE_SIZE = 50;

/** Users who have the role as it is saved, page by page. */
export function RoleUserList({ roleId, search, onShow }: Props): ReactNode {
  const { draft, edit, rights } = useRoleForm();
  const [{ data, error, fetching }, ask] = useQuery({
    query: RoleUsersDocument,
    variables: { id: roleId ?? '', search: search.q, ...pageOf(placeOf(search), PAGE_SIZE) },
    pause: roleId === null,
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  const chosen = Object.keys(draft.edits.assign).length;
  if (roleId === null) return chosen === 0 && <NoUsers />;
  if (error && !data) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!kept) return <Skeleton rows={6} />;
  const users = kept.role?.users;
  if (!users) return <Empty title={t('users.forbidden')} />;
  if (users.nodes.length === 0 && search.q !== undefined)
    return (
      <Empty title={t('users.noMatch', { text: search.q })}>
        <Button onPress={() => onShow({ tab: 'users' })}>{t('search.clear')}</Button>
      </Empty>
    );
  if (users.nodes.length === 0) return chosen === 0 && <NoUsers />;
  const rows = users.nodes.map((person): UserRow => {
    const removed = person.id in draft.edits.unassign;
    const flip = (): void => edit((now) => (removed ? assign(now, [person]) : unassign(now, person)));
    return {
      person,
      userId: person.key,
      mark: removed ? 'removed' : null,
      inactive: person.status === 'INACTIVE',
      act: rights.users ? flip : null,
    };
  });
  return (
    <>
      <UserTable caption={t('role.users')} rows={rows} dimmed={fetching && !data} continues={chosen > 0} />
      <Pager
        place={placeOf(search)}
        size={PAGE_SIZE}
        total={users.totalCount}
        shown={users.nodes.length}
        info={users.pageInfo}
        onTurn={(place) => onShow(turned(search, place))}
      />
    </>
  );
}

function NoUsers(): ReactNode {
  const { rights } = useRoleForm();
  return (
    <Empty title={t('users.none')}>
      <p>{t(rights.users ? 'users.noneHelp' : 'users.noneNoRight')}</p>
    </Empty>
  );
}
