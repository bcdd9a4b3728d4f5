import { fromDate, type ZonedDateTime } from '@internationalized/date';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField';
import { FieldError } from 'react-aria-components/FieldError';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Label } from 'react-aria-components/Label';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Dialog } from '../ui/surfaces/Dialog';
import field from '../ui/controls/TextField.module.css';
import styles from './AsOfDialog.module.css';
import { movedTo } from './past-search';
import { useAsOf } from './use-as-of';

/** Time zone of the record. */
const ZONE = 'UTC';

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
        <I18nProvider locale="en-GB">
          <DateField
            className={field.field}
            value={moment}
            onChange={setMoment}
            maxValue={latest}
            isInvalid={error !== null}
            validationBehavior="aria"
            granularity="second"
            hourCycle={24}
            hideTimeZone
            autoFocus
          >
            <Label className={field.label}>{t('past.field')}</Label>
            <DateInput className={styles.input}>
              {(segment) => <DateSegment segment={segment} className={styles.segment} />}
            </DateInput>
            <FieldError className={field.error}>{error}</FieldError>
          </DateField>
        </I18nProvider>
      </form>
    </Dialog>
  );
}

function errorOf(moment: ZonedDateTime | null, latest: ZonedDateTime): string | null {
  if (!moment) return t('past.incomplete');
  return moment.compare(latest) > 0 ? t('past.notYet') : null;
}
