/**
 * A set of values as one JSON list, which a statement walks with `json_each`: questions about many things are one statement
 * each, prepared once.
 */
export const jsonList = (values: Iterable<string | number>): string => JSON.stringify([...new Set(values)]);
