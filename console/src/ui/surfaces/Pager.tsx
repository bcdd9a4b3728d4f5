import type { ReactNode } from 'react';
import { count } from '../../format/numbers';
import { t } from '../../messages/i18n';
import { Button } from '../controls/Button';
import styles from './Pager.module.css';
import { FIRST_PAGE, type Place } from './place';

interface Props {
  readonly place: Place;
  readonly size: number;
  /** Number of rows over all pages; null where the server does not count so far. */
  readonly total: number | null;
  readonly shown: number;
  readonly info: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly onTurn: (place: Place) => void;
}

/** Turns the pages of a list. A list that fits on one has no pager. */
export function Pager({ place, size, total, shown, info, onTurn }: Props): ReactNode {
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = info;
  if (!hasNextPage && !hasPreviousPage) return null;
  const from = (place.page - 1) * size + 1;
  const values = { from: count(from), to: count(from + shown - 1) };
  const back = (): void =>
    onTurn(place.page <= 2 ? FIRST_PAGE : { page: place.page - 1, before: startCursor ?? undefined });
  return (
    <nav className={styles.pager} aria-label={t('pager.label')}>
      <p>
        {total === null ? t('pager.range', values) : t('pager.rangeOf', { ...values, total: count(total) })}
      </p>
      <Button isDisabled={!hasPreviousPage} onPress={back}>
        {t('pager.previous')}
      </Button>
      <Button
        isDisabled={!hasNextPage}
        onPress={() => onTurn({ page: place.page + 1, after: endCursor ?? undefined })}
      >
        {t('pager.next')}
      </Button>
    </nav>
  );
}
