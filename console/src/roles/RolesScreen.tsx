import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { NO_PLACE } from '../ui/address';
import { ByNameNote } from '../past/ByNameNote';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { LinkButton } from '../ui/controls/LinkButton';
import { PageHead } from '../ui/surfaces/PageHead';
import { SearchField } from '../ui/controls/SearchField';
import { Skeleton } from '../ui/feedback/Skeleton';
import { Tabs } from '../ui/controls/Tabs';
import { useTitle } from '../ui/use-title';
import type { ListSearch } from './list-search';
import { NoRoles } from './NoRoles';
import { RoleTable } from './RoleTable';
import styles from './RolesScreen.module.css';
import { useRoleList, type RoleList } from './use-role-list';

const route = getRouteApi('/roles');

/** The list of roles: default roles in their groups, and custom roles. */
export function RolesScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useRoleList(search);
  useTitle(t('roles.title'));
  const { tab = 'default', q = '' } = search;
  const { data } = list;
  const show = (next: ListSearch, replace = false): void => void navigate({ search: next, replace });
  const mayCreate = data?.account?.allowedActions.includes('CREATE_ROLE');
  return (
    <>
      <PageHead
        trail={t('settings.title')}
        title={t('roles.title')}
        lede={t('roles.lede')}
        actions={
          mayCreate && (
            <LinkButton look="primary" to="/roles/new">
              {t('roles.create')}
            </LinkButton>
          )
        }
      />
      <Tabs
        label={t('roles.title')}
        tabs={[
          { id: 'default', label: t('roles.default'), count: data?.defaultTab?.totalCount },
          { id: 'custom', label: t('roles.custom'), count: data?.customTab?.totalCount },
        ]}
        selected={tab}
        onSelect={(next) => show({ tab: next })}
      >
        <div className={styles.tools}>
          <SearchField
            key={tab}
            label={t(tab === 'custom' ? 'roles.searchCustom' : 'roles.searchDefault')}
            value={q}
            shortcut
            onSearch={(text) => show({ ...search, ...NO_PLACE, q: text || undefined }, true)}
          />
        </div>
        <Rows list={list} search={search} onShow={show} />
      </Tabs>
    </>
  );
}

interface RowsProps {
  readonly list: RoleList;
  readonly search: ListSearch;
  readonly onShow: (search: ListSearch) => void;
}

function Rows({ list, search, onShow }: RowsProps): ReactNode {
  const { data, fault, searching, byName, reload } = list;
  if (fault) return <FaultNote fault={fault} onRetry={reload} />;
  if (!data) return <Skeleton rows={10} />;
  if (!data.roles) return <Empty title={t('roles.forbidden')} />;
  if (data.roles.nodes.length === 0)
    return <NoRoles search={search} account={data.account} onShow={onShow} />;
  return (
    <>
      {byName && <ByNameNote />}
      <RoleTable
        connection={data.roles}
        search={byName ? { ...search, by: 'name', desc: undefined } : search}
        dimmed={searching}
        onOrder={(order) => onShow({ ...search, ...NO_PLACE, ...order })}
        onTurn={(place) =>
          onShow({ ...search, ...NO_PLACE, ...place, page: place.page > 1 ? place.page : undefined })
        }
        onChanged={reload}
      />
    </>
  );
}
