import { fromDate, type ZonedDateTime } from '@internationalized/date';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { t } from '../messages/i18n';
import { MomentField, ZONE } from '../past/MomentField';
import { useAsOf } from '../past/use-as-of';
import { NO_PLACE } from '../ui/address';
import { Button } from '../ui/controls/Button';
import { Select } from '../ui/controls/Select';
import { daysBefore, SUBJECTS, type CompareSearch, type Subject } from './compare-search';
import styles from './CompareForm.module.css';
import { SubjectPickers, type Names } from './SubjectPickers';

interface Props {
  readonly search: CompareSearch;
  readonly names: Names;
  /** Shows another comparison. `asOf`: the later moment; left out: it stays; null: now. */
  readonly onShow: (search: CompareSearch, asOf?: string | null) => void;
}

/** Days back that are offered. */
const STEPS = [1, 7, 30, 365] as const;

/** Says what is compared: the subject, and the two moments. */
export function CompareForm({ search, names, onShow }: Props): ReactNode {
  const asOf = useAsOf();
  const { what = 'account' } = search;
  const choose = (next: Subject): void =>
    onShow(next === 'account' ? { from: search.from } : { ...kept(search), what: next, from: search.from });
  return (
    <div className={styles.form} role="group" aria-label={t('compare.what')}>
      <div className={styles.row}>
        <Select
          label={t('compare.what')}
          selected={what}
          onSelect={choose}
          options={SUBJECTS.map((id) => ({ id, label: t(`compare.what.${id}`) }))}
        />
        <SubjectPickers search={search} names={names} onShow={onShow} />
      </div>
      {what !== 'roles' && (
        <Moments key={`${search.from} ${asOf}`} search={search} asOf={asOf} onShow={onShow} />
      )}
    </div>
  );
}

/** Subjects that are chosen, without what else the address holds. */
const kept = ({ roleId, otherRoleId, userId }: CompareSearch): CompareSearch => ({
  roleId,
  otherRoleId,
  userId,
});

const zoned = (moment: string | undefined): ZonedDateTime | null => {
  const date = moment === undefined ? null : new Date(moment);
  return date === null || Number.isNaN(date.getTime()) ? null : fromDate(date, ZONE).set({ millisecond: 0 });
};

interface MomentsProps extends Pick<Props, 'search' | 'onShow'> {
  readonly asOf: string | undefined;
}

/** The two moments. They are taken when the focus leaves a field, or at Enter. */
function Moments({ search, asOf, onShow }: MomentsProps): ReactNode {
  const [from, setFrom] = useState(() => zoned(search.from));
  const [to, setTo] = useState(() => zoned(asOf));
  const [latest] = useState(() => fromDate(new Date(), ZONE));
  const tooLate = (moment: ZonedDateTime | null): string | null =>
    moment !== null && moment.compare(latest) > 0 ? t('past.notYet') : null;
  const isTouched = from?.compare(zoned(search.from) ?? latest) !== 0 || !isSame(to, zoned(asOf));
  const apply = (event?: SyntheticEvent): void => {
    event?.preventDefault();
    if (!isTouched || from === null || tooLate(from) || tooLate(to)) return;
    // The moment of an address is finer than a field: what was not touched stays as it is.
    const later = isSame(to, zoned(asOf)) ? undefined : (to?.toDate().toISOString() ?? null);
    const earlier = isSame(from, zoned(search.from)) ? search.from : from.toDate().toISOString();
    onShow({ ...search, from: earlier, ...NO_PLACE }, later);
  };
  const since = asOf === undefined ? Date.now() : new Date(asOf).getTime();
  return (
    <form
      className={styles.row}
      onSubmit={apply}
      onKeyDownCapture={(event) => event.key === 'Enter' && apply(event)}
    >
      <MomentField
        label={t('audit.from')}
        value={from}
        onChange={setFrom}
        onLeave={apply}
        error={from === null ? t('past.incomplete') : tooLate(from)}
      />
      <MomentField label={t('compare.to')} value={to} onChange={setTo} onLeave={apply} error={tooLate(to)} />
      <p className={styles.steps}>
        {t('compare.since')}
        {STEPS.map((days) => (
          <Button
            key={days}
            look="link"
            onPress={() => onShow({ ...search, from: daysBefore(since, days), ...NO_PLACE })}
          >
            {t('compare.days', { days })}
          </Button>
        ))}
      </p>
    </form>
  );
}

const isSame = (one: ZonedDateTime | null, other: ZonedDateTime | null): boolean =>
  one === null || other === null ? one === other : one.compare(other) === 0;
