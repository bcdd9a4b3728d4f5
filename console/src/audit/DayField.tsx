import { parseDate } from '@internationalized/date';
import { useState, type ReactNode } from 'react';
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Label } from 'react-aria-components/Label';
import styles from './DayField.module.css';

interface Props {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}

/** Years before that are being typed: 2 on the way to 2026. */
const FIRST_YEAR = 1000;

/** A day to filter by, as `2026-03-03`. A day that is not whole yet filters nothing. */
export function DayField({ label, value, onChange }: Props): ReactNode {
  const [seen, setSeen] = useState(value);
  const [typed, setTyped] = useState(() => (value === undefined ? null : parseDate(value)));
  if (seen !== value) {
    setSeen(value);
    setTyped(value === undefined ? null : parseDate(value));
  }
  return (
    <I18nProvider locale="en-GB">
      <DateField
        className={styles.field}
        value={typed}
        onChange={(day) => {
          setTyped(day);
          const next = day === null || day.year < FIRST_YEAR ? undefined : day.toString();
          setSeen(next);
          if (next !== value) onChange(next);
        }}
      >
        <Label className={styles.label}>{label}</Label>
        <DateInput className={styles.input}>
          {(segment) => <DateSegment segment={segment} className={styles.segment} />}
        </DateInput>
      </DateField>
    </I18nProvider>
  );
}
