import type { ZonedDateTime } from '@internationalized/date';
import type { ReactNode } from 'react';
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField';
import { FieldError } from 'react-aria-components/FieldError';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Label } from 'react-aria-components/Label';
import field from '../ui/controls/TextField.module.css';
import styles from './MomentField.module.css';

/** Time zone of the record. */
export const ZONE = 'UTC';

interface Props {
  readonly label: string;
  readonly value: ZonedDateTime | null;
  readonly onChange: (value: ZonedDateTime | null) => void;
  /** Called when the focus leaves all of the field. */
  readonly onLeave?: () => void;
  readonly latest?: ZonedDateTime;
  readonly error: string | null;
  readonly autoFocus?: boolean;
}

/** A moment to the second, in UTC. */
export function MomentField({ label, latest, error, onLeave, ...props }: Props): ReactNode {
  return (
    <I18nProvider locale="en-GB">
      <DateField
        {...props}
        onBlur={onLeave}
        className={field.field}
        maxValue={latest}
        isInvalid={error !== null}
        validationBehavior="aria"
        granularity="second"
        hourCycle={24}
        hideTimeZone
      >
        <Label className={field.label}>{label}</Label>
        <DateInput className={styles.input}>
          {(segment) => <DateSegment segment={segment} className={styles.segment} />}
        </DateInput>
        <FieldError className={field.error}>{error}</FieldError>
      </DateField>
    </I18nProvider>
  );
}
