import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import styles from './TextField.module.css';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly help?: string;
  /** Takes the place of the help. */
  readonly error?: string | null;
  readonly required?: boolean;
  readonly lines?: number;
  readonly autoFocus?: boolean;
  readonly name?: string;
}

/** A field of a form: label above, help or error below. */
export function TextField({
  label,
  value,
  onChange,
  help,
  error,
  required = false,
  lines = 1,
  ...rest
}: Props): ReactNode {
  return (
    <AriaTextField
      {...rest}
      className={styles.field}
      value={value}
      onChange={onChange}
      isRequired={required}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
    >
      <Label className={styles.label}>{label}</Label>
      {lines > 1 ? (
        <TextArea className={styles.input} rows={lines} />
      ) : (
        <Input className={styles.input} autoComplete="off" />
      )}
      {error ? (
        <FieldError className={styles.error}>{error}</FieldError>
      ) : (
        help && (
          <Text slot="description" className={styles.help}>
            {help}
          </Text>
        )
      )}
    </AriaTextField>
  );
}
