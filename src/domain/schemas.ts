import { FormatRegistry, Kind, TypeRegistry, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import type { ValueError } from '@sinclair/typebox/errors';
import { definitionVersion } from './event-versions';
import { definitionsIn, eventDefinitions, metadataIn, type EventType } from './events';
import { faultInWords, TEXT, type TextRules } from './fault-words';
import type { EventForm } from './sealed-text';
import { characters, isLonger, plainTextFault } from './text';

/** Derived from the one definition of each event: its validator, and the published JSON Schema. */

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** True if a text is a UUID, of any version. */
export const isUuid = (text: string): boolean => UUID.test(text);

FormatRegistry.Set('uuid', isUuid);
FormatRegistry.Set('date-time', (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)));
FormatRegistry.Set('plain-text', (text) => plainTextFault(text, { multiline: true }) === null);
FormatRegistry.Set('well-formed', (text) => text.isWellFormed());

const patterns = new Map<string, RegExp>();

/** JSON Schema counts a text's length in code points, and so do our rules; TypeBox would count UTF-16 units. */
TypeRegistry.Set<TextRules>(TEXT, ({ minLength = 0, maxLength = Infinity, pattern, format }, value) => {
  if (typeof value !== 'string') return false;
  if (isLonger(value, maxLength)) return false;
  if (value.length < minLength * 2 && characters(value) < minLength) return false;
  if (format !== undefined && !FormatRegistry.Get(format)?.(value)) return false;
  if (pattern === undefined) return true;
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(pattern));
  return patterns.get(pattern)?.test(value) ?? false;
});

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

/** The validator of a schema, compiled on first use; lengths of texts are counted in code points. */
export function compileSchema<T extends TSchema>(schema: T): TypeCheck<T> {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = TypeCompiler.Compile(inCodePoints(schema) as TSchema)));
  return check as unknown as TypeCheck<T>;
}

function inCodePoints(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inCodePoints);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(
    Reflect.ownKeys(part).map((key) => [key, inCodePoints(Reflect.get(part, key))]),
  ) as TSchema;
  const bounded = copy.minLength !== undefined || copy.maxLength !== undefined;
  return bounded && copy[Kind] === 'String' ? { ...copy, [Kind]: TEXT } : copy;
}

/** One fault of a value, and its path in it. */
export interface Fault {
  /** Names of properties and indexes in lists, from the outermost; empty for the value itself. */
  readonly path: readonly string[];
  readonly message: string;
}

/** Limit of faults reported for one value: a list of a million wrong entries is reported as wrong once. */
const MAX_FAULTS = 20;

/** Faults of a value: the first at each path; none for a sound value. */
export function faultsAt(check: TypeCheck<TSchema>, value: unknown): Fault[] {
  if (check.Check(value)) return [];
  const faults = new Map<string, string>();
  for (const error of leaves(check.Errors(value))) {
    if (faults.size === MAX_FAULTS) break;
    if (!faults.has(error.path)) faults.set(error.path, faultInWords(error));
  }
  return [...faults].map(([path, message]) => ({ path: path.split('/').slice(1).map(unescaped), message }));
}

/** TypeBox gives paths as JSON pointers (RFC 6901). */
const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

/** Faults of a value, one line each, with the path: `roles/0: A text is wanted.`. */
export const faultsOf = (check: TypeCheck<TSchema>, value: unknown): string[] =>
  faultsAt(check, value).map(faultLine);

export const faultLine = ({ path, message }: Fault): string =>
  path.length === 0 ? message : `${path.join('/')}: ${message}`;

/** Errors at the innermost level: for a text that may be null or encrypted, those of the form that the value is nearest to. */
function* leaves(errors: Iterable<ValueError>): Generator<ValueError> {
  for (const error of errors) {
    const nearest = nearestOf(error);
    if (nearest) yield* leaves(nearest);
    else yield error;
  }
}

/** Errors of the alternative that is meant, where one is something and the other null or an object; else undefined. */
function nearestOf({ schema, value, errors }: ValueError): Iterable<ValueError> | undefined {
  const { anyOf } = schema as { readonly anyOf?: readonly TSchema[] };
  if (anyOf?.length !== 2) return undefined;
  const other = anyOf[1]?.[Kind];
  if (other === 'Null') return errors[0];
  if (other !== 'Object') return undefined;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return errors[isObject ? 1 : 0];
}

/** The validator of an event's data, in a form of the event. */
export const compiledValidator = (type: EventType, form: EventForm = 'log'): TypeCheck<TSchema> =>
  compileSchema(definitionsIn[form][type]!);

/** The validator of every event's metadata, in a form of the event. */
export const metadataValidator = (form: EventForm = 'log'): TypeCheck<TSchema> =>
  compileSchema(metadataIn[form]);

/** True if Rolebook records events of this type. */
export const isEventType = (type: string): type is EventType => Object.hasOwn(eventDefinitions, type);

/** Faults of an event's data; none for a sound event. */
export const validateEvent = (type: string, data: unknown): string[] =>
  isEventType(type)
    ? faultsOf(compiledValidator(type), data)
    : [`unknown event type ${JSON.stringify(type)}`];

/** Faults of an event's metadata; none for sound metadata. */
export const validateMetadata = (metadata: unknown): string[] => faultsOf(metadataValidator(), metadata);

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schemas of all events and of their metadata by the names of their files, as readers get them unless said otherwise. */
export const eventSchemas = (form: EventForm = 'read'): Record<string, JsonSchema> =>
  schemasIn(form, 'event');

/** Those of events as a log holds them, where that is another form: with encrypted texts. */
export function storedEventSchemas(): Record<string, JsonSchema> {
  const forReaders = schemasIn('read', 'stored-event');
  const stored = Object.entries(schemasIn('log', 'stored-event'));
  return Object.fromEntries(
    stored.filter(([file, schema]) => JSON.stringify(schema) !== JSON.stringify(forReaders[file])),
  );
}

function schemasIn(form: EventForm, kind: string): Record<string, JsonSchema> {
  const titled: [string, TObject][] = [
    ...Object.entries(definitionsIn[form]),
    ['EventMetadata', metadataIn[form]],
  ];
  return Object.fromEntries(
    titled.map(([title, definition]) => [
      `${title}.json`,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:rolebook:${kind}:v${definitionVersion(title)}:${title}`,
        title,
        description: definition.description,
        ...(published(definition) as JsonSchema),
      },
    ]),
  );
}

/** A TypeBox schema translated to draft 2020-12: tuples as `prefixItems`, choices of constants as `enum`. */
export function published(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(published);
  if (typeof part !== 'object' || part === null) return part;
  const { additionalItems, items, anyOf, ...rest } = part as Record<string, unknown>;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, published(value)]),
  );
  if (Array.isArray(items)) Object.assign(copy, { prefixItems: published(items), items: additionalItems });
  else if (items !== undefined) copy.items = published(items);
  if (Array.isArray(anyOf)) {
    const constants = (anyOf as { const?: unknown }[]).map((choice) => choice.const);
    if (constants.every((constant) => typeof constant === 'string')) {
      Object.assign(copy, { type: 'string', enum: constants });
    } else copy.anyOf = published(anyOf);
  }
  return copy;
}
