import { buildSchema, findBreakingChanges } from 'graphql';

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
  return findBreakingChanges(buildSchema(released), buildSchema(current))
    .map(({ description }) => ({ description, element: elementOf(description) }))
    .filter(({ element }) => !named.has(element) && !named.has(`${element.split('.')[0]}.*`))
    .map(({ description, element }) => `${element}: ${description}`);
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
