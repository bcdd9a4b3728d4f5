/** JSON pointers (RFC 6901): places in the claims of a token. */

/** Steps from the top, in which `~0` and `~1` are read already. */
export type JsonPointer = readonly string[];

/** Reads a pointer; null for a text that is none, or that points to the whole. */
export function parsePointer(text: string): JsonPointer | null {
  if (!/^(\/([^/~]|~[01])*)+$/.test(text)) return null;
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Value that a pointer comes to; undefined where there is none. What objects inherit is none. */
export function pointTo(value: unknown, pointer: JsonPointer): unknown {
  return pointer.reduce<unknown>(
    (place, step) =>
      typeof place === 'object' && place !== null && Object.hasOwn(place, step)
        ? (place as Readonly<Record<string, unknown>>)[step]
        : undefined,
    value,
  );
}

export const writePointer = (pointer: JsonPointer): string =>
  pointer.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
