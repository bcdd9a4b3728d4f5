import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { PermissionFilter } from '../audit/PermissionFilter';
import { UserChoicesDocument } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { NO_PLACE } from '../ui/address';
import { FilterPicker, type Found } from '../ui/controls/FilterPicker';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { useKept } from '../ui/use-kept';
import { useFoundRoles } from '../users/RoleFilter';
import { userAddressOf } from '../users/user-address';
import type { CompareSearch } from './compare-search';

/** Names of what is compared, once they are known. */
export interface Names {
  readonly role?: string;
  readonly otherRole?: string;
  readonly user?: string;
}

interface Props {
  readonly search: CompareSearch;
  readonly names: Names;
  readonly onShow: (search: CompareSearch) => void;
}

/** Choice of the roles, the user or the permission that a comparison is about. */
export function SubjectPickers({ search, names, onShow }: Props): ReactNode {
  const { what, roleId, otherRoleId, userId, permission } = search;
  const show = (next: CompareSearch): void => onShow({ ...search, ...NO_PLACE, ...next });
  if (what === undefined)
    return <PermissionFilter chosen={permission} onChoose={(key) => show({ permission: key })} />;
  if (what === 'user')
    return (
      <FilterPicker
        label={t('compare.user')}
        value={userId === undefined ? null : (names.user ?? userId)}
        searchLabel={t('panel.search')}
        chosen={userId}
        onChoose={(id) => show({ userId: id })}
        useFound={useFoundUsers}
      />
    );
  return (
    <>
      <FilterPicker
        label={t('people.filterRole')}
        value={roleId === undefined ? null : (names.role ?? roleId)}
        searchLabel={t('people.searchRoles')}
        chosen={roleId}
        onChoose={(id) => show({ roleId: id })}
        useFound={useFoundRoles}
      />
      {what === 'roles' && (
        <FilterPicker
          label={t('compare.otherRole')}
          value={otherRoleId === undefined ? null : (names.otherRole ?? otherRoleId)}
          searchLabel={t('people.searchRoles')}
          chosen={otherRoleId}
          onChoose={(id) => show({ otherRoleId: id })}
          useFound={useFoundRoles}
        />
      )}
    </>
  );
}

const SHOWN = 20;

function useFoundUsers(text: string): Found {
  const asOf = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: UserChoicesDocument,
    variables: { search: text || undefined, first: SHOWN, asOf: asOfArgument(asOf) },
  });
  const users = useKept(data)?.users;
  const fault = error && !data ? <FaultNote fault={faultOf(error)} onRetry={() => ask()} /> : null;
  const more = (users?.totalCount ?? 0) - SHOWN;
  return {
    picks: users?.nodes.map(({ key, name }) => ({ id: userAddressOf(key), name })),
    none: t('people.noMatch', { text }),
    before: fault ?? (users === undefined && <Skeleton rows={4} />),
    after: users === null ? t('panel.forbidden') : more > 0 && t('compare.moreUsers', { count: more }),
  };
}
