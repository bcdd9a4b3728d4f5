import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Empty } from '../ui/feedback/Empty';
import type { UserListSearch } from './user-search';

interface Props {
  readonly search: UserListSearch;
  readonly onShow: (search: UserListSearch) => void;
}

/** The reason why the list of users is empty: nothing matches, or there is nobody. */
export function NoUsers({ search, onShow }: Props): ReactNode {
  const { q, status, role, by, desc } = search;
  const isFiltered = status !== undefined || role !== undefined;
  if (q === undefined && !isFiltered)
    return (
      <Empty title={t('people.none')}>
        <p>{t('people.noneHelp')}</p>
      </Empty>
    );
  return (
    <Empty title={q === undefined ? t('people.noneLeft') : t('people.noMatch', { text: q })}>
      {q !== undefined && <p>{t('people.noMatchHelp')}</p>}
      <Button onPress={() => onShow({ by, desc })}>
        {t(isFiltered ? 'people.showAll' : 'search.clear')}
      </Button>
    </Empty>
  );
}
