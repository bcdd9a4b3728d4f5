import { REFUSAL_CODES, type RefusalCode } from '../../domain/refusal';
import { ERROR_CODES, type RequestErrorCode } from '../../graphql/errors';
import { HTTP_ERRORS } from './http-errors';
import { REFUSAL_ADVICE } from './refusals';
import { REMEDIES, type Advice, type Remedy } from './remedies';
import { LIBRARY_ADVICE, REQUEST_ADVICE } from './requests';

/** Every code that a client meets, in one table: where it stands, its HTTP status, whether to retry, what to do. */

/** Places where a code stands in an answer. */
export type Place = 'payload' | 'top level' | 'HTTP';

export interface ErrorRow extends Advice {
  readonly code: string;
  readonly places: readonly Place[];
  readonly statuses: readonly number[];
  readonly why: string;
}

const entries = <Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] =>
  Object.entries(record) as [Key, Value][];

/** Rows by place, each code once: one that stands in two places has both in its row, with the advice of the first. */
export function errorRows(): ErrorRow[] {
  const rows = [
    ...entries<RefusalCode, Advice>(REFUSAL_ADVICE).map(([code, advice]): ErrorRow => ({
      ...advice,
      code,
      places: ['payload'],
      statuses: [200],
      why: REFUSAL_CODES[code],
    })),
    ...entries<RequestErrorCode, (typeof REQUEST_ADVICE)[RequestErrorCode]>(REQUEST_ADVICE).map(
      ([code, { statuses = [], ...advice }]): ErrorRow => ({
        ...advice,
        code,
        places: ['top level'],
        statuses: [ERROR_CODES[code], ...statuses],
      }),
    ),
    ...entries(LIBRARY_ADVICE).map(([code, advice]): ErrorRow => ({
      ...advice,
      code,
      places: ['top level'],
    })),
    ...entries(HTTP_ERRORS).map(([code, { status, ...advice }]): ErrorRow => ({
      ...advice,
      code,
      places: ['HTTP'],
      statuses: [status],
    })),
  ];
  const joined = new Map<string, ErrorRow>();
  for (const row of rows) {
    const known = joined.get(row.code);
    joined.set(row.code, known ? both(known, row) : row);
  }
  return [...joined.values()];
}

const both = (first: ErrorRow, second: ErrorRow): ErrorRow => ({
  ...first,
  places: [...first.places, ...second.places],
  statuses: [...first.statuses, ...second.statuses],
  why: `${first.why} ${second.places.join(', ')}: ${second.why}`,
});

/** Cells of the table of codes. */
export const errorTable = (): string[][] =>
  errorRows().map(({ code, places, statuses, remedy, why, action }) => [
    `\`${code}\``,
    places.join(', '),
    statuses.join(', '),
    REMEDIES[remedy].retry,
    why,
    action,
  ]);

/** Cells of the table of remedies: what a frontend does about each kind, and the codes of that kind. */
export function remedyTable(): string[][] {
  const rows = errorRows();
  return (Object.keys(REMEDIES) as Remedy[]).map((remedy) => [
    REMEDIES[remedy].frontend,
    rows
      .filter((row) => row.remedy === remedy)
      .map(({ code }) => `\`${code}\``)
      .join(' '),
  ]);
}
