import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import type { CauseGroup } from './cause-groups';
import styles from './CauseGroups.module.css';
import { CauseLine } from './CauseLine';
import { DiffLines } from './DiffLines';

interface Props {
  readonly label: string;
  readonly groups: readonly CauseGroup[];
}

/** Differences below what made them. */
export function CauseGroups({ label, groups }: Props): ReactNode {
  return (
    <ol className={styles.groups}>
      {groups.map(({ id, causes, lines }) => (
        <li key={id} className={styles.group}>
          {causes.map((cause) => (
            <CauseLine key={cause.id} cause={cause} />
          ))}
          <div className={causes.length > 0 ? styles.under : undefined}>
            <DiffLines label={t('compare.linesOf', { label })} lines={lines} />
          </div>
        </li>
      ))}
    </ol>
  );
}
