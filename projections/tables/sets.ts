/** Questions about many things are one statement each, which walks a JSON list with `json_each`. */

/** The list of what is asked about, each once. */
export const listed = (values: Iterable<string | number>): string => JSON.stringify([...new Set(values)]);
