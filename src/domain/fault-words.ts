import { Kind, type TSchema } from '@sinclair/typebox';
import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors';
import { plainTextFault } from './text';

/** Messages for faults of a value, by the kind of fault: a library's own messages are about its own types. */

/** Kind of a text whose length is counted in code points. */
export const TEXT = 'Rolebook:Text';

export interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export const UNKNOWN_FIELD = 'There is no such field.';
export const LIST_WANTED = 'A list is wanted.';

/** Message for a kind of fault that no schema of Rolebook has yet. */
export const UNFIT = 'The value does not fit here.';

type Rules = Readonly<Record<string, unknown>>;

const BY_KIND: Partial<Record<ValueErrorType, (rules: Rules) => string>> = {
  [ValueErrorType.ObjectAdditionalProperties]: () => UNKNOWN_FIELD,
  [ValueErrorType.ObjectRequiredProperty]: () => 'This field is missing.',
  [ValueErrorType.Object]: () => 'An object is wanted.',
  [ValueErrorType.Array]: () => LIST_WANTED,
  [ValueErrorType.ArrayMaxItems]: ({ maxItems }) => `The list has at most ${String(maxItems)} entries.`,
  [ValueErrorType.Tuple]: () => LIST_WANTED,
  [ValueErrorType.TupleLength]: ({ maxItems }) => `A list of ${String(maxItems)} entries is wanted.`,
  [ValueErrorType.Boolean]: () => 'true or false is wanted.',
  [ValueErrorType.Integer]: () => 'A whole number is wanted.',
  [ValueErrorType.IntegerMinimum]: ({ minimum }) => `The number is ${String(minimum)} or more.`,
  [ValueErrorType.IntegerMaximum]: ({ maximum }) => `The number is ${String(maximum)} or less.`,
  [ValueErrorType.Date]: () => 'A time is wanted.',
  [ValueErrorType.Literal]: ({ const: only }) => `${JSON.stringify(only)} is wanted.`,
  [ValueErrorType.Union]: ({ anyOf }) => choiceOf(anyOf as readonly TSchema[]),
  [ValueErrorType.String]: (rules) => textWanted(rules),
  [ValueErrorType.StringFormat]: (rules) => textWanted(rules),
  [ValueErrorType.StringPattern]: (rules) => textWanted(rules),
  [ValueErrorType.Kind]: (rules) => textWanted(rules),
};

const TEXT_FORMATS: ReadonlySet<unknown> = new Set(['plain-text', 'well-formed']);

/** Fault as a sentence. It repeats nothing of the value except a code point. */
export function faultInWords({ type, schema, value }: ValueError): string {
  const isText = TEXT_FORMATS.has(schema.format) && typeof value === 'string' && schema[Kind] !== TEXT;
  const fault = isText ? plainTextFault(value, { multiline: true }) : null;
  return fault ?? BY_KIND[type]?.(schema) ?? UNFIT;
}

function choiceOf(choices: readonly TSchema[]): string {
  const constants = choices.map((choice) => choice.const as unknown);
  return constants.every((constant) => typeof constant === 'string')
    ? `One of ${constants.join(', ')} is wanted.`
    : UNFIT;
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'A UUID is wanted.',
  'date-time': 'A time such as 2026-03-01T12:00:00Z is wanted.',
};

function textWanted({ minLength, maxLength, pattern, format }: TextRules): string {
  if (format !== undefined && Object.hasOwn(FORMATS, format)) return FORMATS[format]!;
  const form = pattern === undefined ? null : formOf(pattern);
  if (form !== null && 'whole' in form) return `A text of ${form.whole} is wanted.`;
  const bounds = [
    minLength === undefined ? '' : `at least ${minLength}`,
    maxLength === undefined ? '' : `at most ${maxLength}`,
  ]
    .filter(Boolean)
    .join(' and ');
  return `A text${bounds ? ` of ${bounds} characters` : ''}${form ? `, ${form.besides},` : ''} is wanted.`;
}

/** A class of characters and their number: `^[a-z0-9-]{1,64}$`. */
const CLASS = /^\^\[([^\]\\]+)\]\{(\d+)(?:,(\d+))?\}\$$/;
const VISIBLE = '\\S';

function formOf(pattern: string): { readonly whole: string } | { readonly besides: string } {
  const [, characters = '', least = '', most] = CLASS.exec(pattern) ?? [];
  if (characters === '')
    return { besides: pattern === VISIBLE ? 'one at least to be seen' : `in the form ${pattern}` };
  const ranges = (characters.match(/.-.|./g) ?? []).join(' ');
  return { whole: `${most === undefined ? least : `${least} to ${most}`} of ${ranges}` };
}
