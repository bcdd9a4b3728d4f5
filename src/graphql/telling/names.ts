/** Names of the client’s document are told, cut to this length; values that a client sent never are. */
const MAX_TOLD = 64;

/** A name as messages tell it, in quotes. */
export const quoted = (name: string): string =>
  `“${name.length > MAX_TOLD ? `${name.slice(0, MAX_TOLD - 1)}…` : name}”`;

export const MANY = 'There are more faults than are told here.';
