import { t } from '../messages/i18n';
import type { Mark } from '../ui/marks/mark';

/** A change of one field, as the history gives it. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly permission: string | null;
}

/** A line of before and after. */
export interface ChangeLine {
  readonly mark: Mark;
  readonly text: string;
}

/** Before and after of a change, as lines: what went, then what came. A user is in the sentence already. */
export function linesOf(
  changes: readonly FieldChange[],
  nameOf: (permission: string) => string,
): ChangeLine[] {
  return changes
    .filter(({ field, before, after }) => field !== 'user' && before !== after)
    .flatMap((change) => [...line('removed', change, nameOf), ...line('added', change, nameOf)]);
}

function line(
  mark: 'removed' | 'added',
  change: FieldChange,
  nameOf: (permission: string) => string,
): ChangeLine[] {
  const value = mark === 'removed' ? change.before : change.after;
  if (value === null) return [];
  if (change.field === 'permission') return [{ mark, text: nameOf(value) }];
  const label = change.permission === null ? fieldName(change.field) : nameOf(change.permission);
  return [
    { mark, text: t('history.field', { field: label, value: value === '' ? t('history.nothing') : value }) },
  ];
}

const FIELDS = [
  'name',
  'description',
  'scopes',
  'username',
  'externalId',
  'status',
  'kind',
  'identity',
  'lastLoginAt',
] as const;

function fieldName(field: string): string {
  const known = FIELDS.find((one) => one === field);
  return known ? t(`field.${known}`) : field;
}
