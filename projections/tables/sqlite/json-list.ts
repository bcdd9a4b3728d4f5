/**
 * A set of values as one JSON list, which a statement walks with `json_each`: a question about many items is one
 * statement, prepared once.
 */
export const jsonList = (values: Iterable<string | number>): string => JSON.stringify([...new Set(values)]);
