import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RoleListQuery } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Empty } from '../ui/feedback/Empty';
import type { ListSearch } from './list-search';

interface Props {
  readonly search: ListSearch;
  readonly account: RoleListQuery['account'];
  readonly onShow: (search: ListSearch) => void;
}

/** The reason why the list of roles is empty. */
export function NoRoles({ search, account, onShow }: Props): ReactNode {
  const { tab, q } = search;
  if (q !== undefined)
    return (
      <Empty title={t('roles.noMatch', { text: q })}>
        <p>{t('roles.noMatchHelp')}</p>
        <Button onPress={() => onShow({ tab })}>{t('search.clear')}</Button>
      </Empty>
    );
  if (tab !== 'custom') return <Empty title={t('roles.noneDefault')} />;
  return (
    <Empty title={t('roles.noneCustom')}>
      <p>{t('roles.noneCustomHelp')}</p>
      {account?.allowedActions.includes('CREATE_ROLE') && <Link to="/roles/new">{t('roles.create')}</Link>}
    </Empty>
  );
}
