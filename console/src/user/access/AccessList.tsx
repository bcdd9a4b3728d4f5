import { useMemo, useState, type ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Empty } from '../../ui/feedback/Empty';
import type { UserPageSearch } from '../user-page-search';
import { filterAccess, openAtFirst, sectionsOf, type Access } from './access';
import styles from './AccessList.module.css';
import { AccessRows } from './AccessRows';
import { AccessTools } from './AccessTools';
import type { WhyOf } from './Why';

interface Props {
  readonly of: WhyOf;
  readonly access: Access;
  readonly search: UserPageSearch;
  readonly onShow: (search: UserPageSearch) => void;
}

/** Rows that stand open at first. */
const ROWS = 60;

/** Effective permissions in their sections, which close and open; a filter opens them all. */
export function AccessList({ of, access, search, onShow }: Props): ReactNode {
  const sections = useMemo(() => sectionsOf(access), [access]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(openAtFirst(sections, ROWS)));
  const { q, only } = search;
  const isFiltered = q !== undefined || only !== undefined;
  const shown = filterAccess(sections, search);
  const keys = sections.map(({ key }) => key);
  const allOpen = keys.every((key) => open.has(key));
  const flip = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  return (
    <>
      <AccessTools
        search={search}
        withheld={access.withheld.length}
        onShow={onShow}
        openAll={isFiltered ? null : { on: allOpen, flip: () => setOpen(new Set(allOpen ? [] : keys)) }}
      />
      {shown.length === 0 ? (
        <Empty title={q === undefined ? t('access.noneWithheld') : t('access.noMatch', { text: q })}>
          {q !== undefined && <p>{t('access.noMatchHelp')}</p>}
          <Button onPress={() => onShow({ tab: 'access' })}>{t('access.showAll')}</Button>
        </Empty>
      ) : (
        <table className={styles.table}>
          <caption className="visually-hidden">{t('user.access')}</caption>
          <thead>
            <tr>
              <th scope="col" className={styles.may}>
                {t('access.may')}
              </th>
              <th scope="col" className={styles.through}>
                {t('access.through')}
              </th>
              <th scope="col">{t('access.since')}</th>
            </tr>
          </thead>
          {shown.map((section) => (
            <AccessRows
              key={section.key}
              of={of}
              section={section}
              total={sections.find(({ key }) => key === section.key)?.held.length ?? 0}
              open={isFiltered || open.has(section.key)}
              onFlip={isFiltered ? null : () => flip(section.key)}
            />
          ))}
        </table>
      )}
    </>
  );
}
