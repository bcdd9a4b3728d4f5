import type { ReactNode } from 'react';
import { DiffLines } from '../../compare/DiffLines';
import { count } from '../../format/numbers';
import { t } from '../../messages/i18n';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { RefusalNote } from '../../ui/feedback/RefusalNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import { Pager } from '../../ui/surfaces/Pager';
import { affectedGroups } from './affected';
import styles from './PreviewEffects.module.css';
import { PAGE_SIZE, type Preview } from './use-preview';

interface Props {
  readonly preview: Preview;
  /** Consequences as far as the form knows them: for whoever may not see users. */
  readonly otherwise: ReactNode;
}

/** Users who gain and lose by a save, and what: as the server would decide it now. */
export function PreviewEffects({ preview, otherwise }: Props): ReactNode {
  const { previewed, fault, reload, place, turn } = preview;
  if (fault && fault.kind !== 'forbidden') return <FaultNote fault={fault} onRetry={reload} />;
  if (fault || previewed === null) return otherwise;
  if (previewed === undefined) return <Skeleton rows={3} />;
  const { errors, affectedUsers: users } = previewed;
  if (errors.length > 0)
    return (
      <>
        <RefusalNote refusals={errors} />
        {otherwise}
      </>
    );
  if (users === null) return otherwise;
  const { totalCount, nodes, pageInfo } = users;
  return (
    <section className={styles.effects} aria-labelledby="effects">
      <h3 id="effects">{t('review.effects')}</h3>
      <p role="status">
        {totalCount === null
          ? t('preview.many')
          : t('preview.people', { people: totalCount, shown: count(totalCount) })}
      </p>
      {affectedGroups(nodes).map(({ id, users: who, lines }) => (
        <div key={id} className={styles.group}>
          <h4>{namesOf(who.map(({ user }) => user?.name ?? t('compare.unknownUser')))}</h4>
          <DiffLines label={t('preview.whatFor', { count: who.length })} lines={lines} />
        </div>
      ))}
      <Pager
        place={place}
        size={PAGE_SIZE}
        total={totalCount}
        shown={nodes.length}
        info={pageInfo}
        onTurn={turn}
      />
    </section>
  );
}

const namesOf = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);
