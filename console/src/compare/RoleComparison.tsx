import type { ReactNode } from 'react';
import { utcMoment } from '../format/dates';
import { t } from '../messages/i18n';
import { asOfArgument } from '../past/use-as-of';
import { idOf } from '../roles/role-address';
import { Empty } from '../ui/feedback/Empty';
import { AccountComparison } from './AccountComparison';
import { Beside } from './Beside';
import { CauseGroups } from './CauseGroups';
import type { CompareSearch } from './compare-search';
import { detailGroups } from './detail-lines';
import { DiffSection } from './DiffSection';
import styles from './DiffSection.module.css';
import { MemberSection } from './MemberSection';
import { laterHead } from './moment-words';
import { justAfter, type Moments } from './moments';
import { NoCauses } from './NoCauses';
import { roleFigures } from './role-figures';
import { permissionGroups } from './role-lines';
import { RoleDiffState } from './RoleDiffState';
import { useRoleDiff } from './use-role-diff';

interface Props {
  readonly roleId: string;
  readonly moments: Moments;
  readonly mayViewHistory: boolean;
  readonly search: CompareSearch;
  readonly onShow: (search: CompareSearch) => void;
}

/** A role at two moments: what came and went and what made it, and what that is for its users. */
export function RoleComparison({ roleId, moments, mayViewHistory, search, onShow }: Props): ReactNode {
  const { from, to } = moments;
  const role = idOf(roleId);
  const asked = useRoleDiff({
    base: { role, asOf: { time: from } },
    target: { role, asOf: asOfArgument(to) },
    role,
    since: justAfter(from),
    until: to,
    causes: mayViewHistory,
  });
  const { diff, entries } = asked;
  if (!diff) return <RoleDiffState asked={asked} />;
  const details = detailGroups(diff, entries);
  const gained = diff.gainedUsers?.totalCount ?? 0;
  const lost = diff.lostUsers?.totalCount ?? 0;
  const isSame = details.length + diff.permissions.length + gained + lost === 0;
  return (
    <>
      <Beside
        label={t('compare.figures')}
        left={utcMoment(from)}
        right={laterHead(to)}
        figures={roleFigures(diff.base, diff.target)}
      />
      {isSame ? <Empty title={t('compare.same')} /> : !mayViewHistory && <NoCauses />}
      {details.length > 0 && (
        <DiffSection title={t('compare.details')} number={details.length}>
          <CauseGroups label={t('compare.details')} groups={details} />
        </DiffSection>
      )}
      {diff.permissions.length > 0 && (
        <DiffSection title={t('role.permissions')} number={diff.permissions.length}>
          <CauseGroups label={t('role.permissions')} groups={permissionGroups(diff, entries)} />
        </DiffSection>
      )}
      <MemberSection diff={diff} entries={entries} />
      <section className={styles.section} aria-labelledby="access">
        <h2 id="access" className={styles.title}>
          {t('compare.access')}
        </h2>
        <AccountComparison {...{ moments, mayViewHistory, search, onShow }} roleId={role} />
      </section>
    </>
  );
}
