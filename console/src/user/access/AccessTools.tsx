import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { SearchField } from '../../ui/controls/SearchField';
import { Toggle } from '../../ui/controls/Toggle';
import type { UserPageSearch } from '../user-page-search';
import styles from './AccessTools.module.css';

interface Props {
  readonly search: UserPageSearch;
  /** Number of permissions without effect. */
  readonly withheld: number;
  readonly onShow: (search: UserPageSearch) => void;
  /** Opens all sections, or closes them; null: a filter is on. */
  readonly openAll: { readonly on: boolean; readonly flip: () => void } | null;
}

/** Search and filter of what a user may do. */
export function AccessTools({ search, withheld, onShow, openAll }: Props): ReactNode {
  const { q, only } = search;
  return (
    <div className={styles.tools}>
      <SearchField
        label={t('access.search')}
        value={q ?? ''}
        shortcut
        onSearch={(text) => onShow({ ...search, q: text || undefined })}
      />
      {(withheld > 0 || only === 'withheld') && (
        <Toggle
          on={only === 'withheld'}
          onFlip={(on) => onShow({ ...search, only: on ? 'withheld' : undefined })}
        >
          {t('access.onlyWithheld', { count: withheld })}
        </Toggle>
      )}
      {openAll && (
        <span className={styles.end}>
          <Button look="link" onPress={openAll.flip}>
            {t(openAll.on ? 'permissions.closeAll' : 'permissions.openAll')}
          </Button>
        </span>
      )}
    </div>
  );
}
