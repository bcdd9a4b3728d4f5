import { fromDate, type ZonedDateTime } from '@internationalized/date';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Dialog } from '../ui/surfaces/Dialog';
import { MomentField, ZONE } from './MomentField';
import { movedTo } from './past-search';
import { useAsOf } from './use-as-of';

/** Asks for a moment, and leads there. */
export function AsOfDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const asOf = useAsOf();
  const navigate = useNavigate();
  const [moment, setMoment] = useState<ZonedDateTime | null>(() =>
    fromDate(asOf === undefined ? new Date() : new Date(asOf), ZONE).set({ millisecond: 0 }),
  );
  const [latest] = useState(() => fromDate(new Date(), ZONE));
  const error = errorOf(moment, latest);
  const show = (event?: SyntheticEvent): void => {
    event?.preventDefault();
    if (!moment || error) return;
    void navigate({ to: '.', search: movedTo(moment.toDate().toISOString()), resetScroll: false });
    onClose();
  };
  return (
    <Dialog
      title={t('past.title')}
      onClose={onClose}
      foot={
        <>
          <Button look="plain" onPress={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" onPress={() => show()}>
            {t('past.show')}
          </Button>
        </>
      }
    >
      <form onSubmit={show} onKeyDownCapture={(event) => event.key === 'Enter' && show(event)}>
        <p>{t('past.text')}</p>
        <br />
        <MomentField
          label={t('past.field')}
          value={moment}
          onChange={setMoment}
          latest={latest}
          error={error}
          autoFocus
        />
      </form>
    </Dialog>
  );
}

function errorOf(moment: ZonedDateTime | null, latest: ZonedDateTime): string | null {
  if (!moment) return t('past.incomplete');
  return moment.compare(latest) > 0 ? t('past.notYet') : null;
}
