import type { ReactNode } from 'react';
import type { RoleDifferenceFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import styles from './DiffLines.module.css';
import { CauseGroups } from './CauseGroups';
import { DiffSection } from './DiffSection';
import { memberGroups, type RoleEntry } from './role-lines';

interface Props {
  readonly diff: RoleDifferenceFragment;
  readonly entries: readonly RoleEntry[];
}

/** Users who came to a role and who left it: the first by name, the others by number. */
export function MemberSection({ diff, entries }: Props): ReactNode {
  const lists = [diff.gainedUsers, diff.lostUsers];
  const shown = lists.reduce((sum, list) => sum + (list?.nodes.length ?? 0), 0);
  const all = lists.reduce((sum, list) => sum + (list?.totalCount ?? 0), 0);
  if (all === 0) return null;
  return (
    <DiffSection title={t('role.users')} number={all}>
      <CauseGroups label={t('role.users')} groups={memberGroups(diff, entries)} />
      {all > shown && <p className={styles.more}>{t('delete.more', { count: all - shown })}</p>}
    </DiffSection>
  );
}
