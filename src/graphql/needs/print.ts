import {
  isInputObjectType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  type GraphQLSchema,
} from 'graphql';
import { needsOf, type Need } from './needs';

/**
 * Text of the published schema file: sorted by name, so that the order of types and fields is stable, and with what each
 * field needs. GraphQL's own text leaves out directives that are applied; they are put into it, behind the type of a field.
 */
export function printSorted(schema: GraphQLSchema): string {
  const text = `${printSchema(lexicographicSortSchema(schema))}\n`;
  const marks = marksIn(text, schema);
  const parts = marks.map(({ at, mark }, index) => text.slice(marks[index - 1]?.at ?? 0, at) + mark);
  return [...parts, text.slice(marks.at(-1)?.at ?? 0)].join('');
}

interface Mark {
  /** Number of characters before it. */
  readonly at: number;
  readonly mark: string;
}

/** Marks to put into the text, in its order. */
function marksIn(text: string, schema: GraphQLSchema): Mark[] {
  return parse(text).definitions.flatMap((definition) => {
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION
    )
      return [];
    const type = schema.getType(definition.name.value);
    if (!isObjectType(type) && !isInputObjectType(type)) return [];
    return (definition.fields ?? []).map((node) => {
      const needs = needsOf(type.getFields()[node.name.value]!) ?? [];
      const last = node.kind === Kind.INPUT_VALUE_DEFINITION ? (node.defaultValue ?? node.type) : node.type;
      return { at: last.loc!.end, mark: needs.map((need) => ` ${printed(need)}`).join('') };
    });
  });
}

const printed = ({ anyOf, orSelf, types, when = 'GIVEN' }: Need): string => {
  const args = [
    `anyOf: ${texts(anyOf)}`,
    ...(orSelf ? ['orSelf: true'] : []),
    ...(types ? [`types: ${texts(types)}`] : []),
    ...(when === 'GIVEN' ? [] : [`when: ${when}`]),
  ];
  return `@needs(${args.join(', ')})`;
};

const texts = (values: readonly string[]): string =>
  `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
