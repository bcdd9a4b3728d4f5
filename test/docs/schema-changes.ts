import { buildSchema, findBreakingChanges, Kind, parse, print } from 'graphql';

/** Kinds of notes in `changes/` that tell of what breaks. */
export const isOfBreaking = (name: string): boolean => /\.(changed|upgrade)\.md$/.test(name);

/**
 * Changes between two schemas that break a client and are named by no note. A note names an element in backticks, as
 * `Type.field`, `Enum.VALUE` or `Type`; `Type.*` stands for all in a type, the name of the type alone for none of them.
 */
export function unnoted(released: string, current: string, notes: readonly string[]): string[] {
  const named = new Set(
    notes.flatMap((note) => [...note.matchAll(/`([A-Z]\w*(?:\.(?:\w+|\*))?)`/g)].map(([, name]) => name)),
  );
  const broken = findBreakingChanges(buildSchema(released), buildSchema(current)).map(({ description }) => ({
    description,
    element: elementOf(description),
  }));
  return [...broken, ...changedNeeds(released, current)]
    .filter(({ element }) => !named.has(element) && !named.has(`${element.split('.')[0]}.*`))
    .map(({ description, element }) => `${element}: ${description}`);
}

interface Change {
  readonly element: string;
  readonly description: string;
}

/** Fields that need something else than before: callers who were answered may be refused, or others be answered. */
function changedNeeds(released: string, current: string): Change[] {
  const before = needsByField(released);
  // A release that did not say what is needed is compared with nothing.
  if ([...before.values()].every((needs) => needs === '')) return [];
  return [...needsByField(current)].flatMap(([element, now]) => {
    const then = before.get(element);
    if (then === undefined || then === now) return [];
    return [{ element, description: `It needs ${now || 'nothing'} and needed ${then || 'nothing'}.` }];
  });
}

/** Needs of each field, as the text of a schema says them, by `Type.field`. */
function needsByField(text: string): Map<string, string> {
  const types = parse(text).definitions.flatMap((each) =>
    each.kind === Kind.OBJECT_TYPE_DEFINITION || each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? [each]
      : [],
  );
  return new Map(
    types.flatMap(({ name: type, fields = [] }) =>
      fields.map(({ name, directives = [] }) => [
        `${type.value}.${name.value}`,
        directives
          .filter((each) => each.name.value === 'needs')
          .map(print)
          .sort()
          .join(' '),
      ]),
    ),
  );
}

/** The element that a change of GraphQL’s own comparison is about. */
export function elementOf(description: string): string {
  const [, member, owner] =
    /^(\w+) was removed from (?:enum|union) type (\w+)\./.exec(description) ??
    /^A required field (\w+) on input type (\w+) was added\./.exec(description) ??
    [];
  if (member !== undefined) return `${owner}.${member}`;
  const onField = /^A required arg \w+ on (\w+\.\w+) was added\./.exec(description)?.[1];
  return onField ?? /[A-Z]\w*(?:\.\w+)?/.exec(description)?.[0] ?? description;
}
