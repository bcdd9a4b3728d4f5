/**
 * Attacks as the public scanners of GraphQL send them, in requests of our own. Every request of an attack differs from
 * the others, so that no cache of texts or documents spares the server its work.
 */

export interface AttackRequest {
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Attack {
  readonly what: string;
  /** Reason for which it is answered like any request; left out: it must be refused, with a status of 4xx. */
  readonly answered?: string;
  /** The request; `n` tells it from the others. */
  request(n: number): AttackRequest;
}

export const times = (count: number, part: (n: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(between);

export const body = (value: unknown): AttackRequest => ({ body: JSON.stringify(value) });

/** A name that no other request has, to be put somewhere in a text. */
export const fresh = (n: number): string => `q${n}`;

/** A document that must be refused; `text` is given a name for its operation, which no other request has. */
export const document = (
  what: string,
  text: (name: string) => string,
  variables?: (n: number) => object,
): Attack => ({
  what,
  request: (n) => body({ query: text(fresh(n)), ...(variables ? { variables: variables(n) } : {}) }),
});

/** A document that is answered, for the reason given. */
export const harmless = (
  what: string,
  answered: string,
  text: (name: string) => string,
  variables?: (n: number) => object,
): Attack => ({ ...document(what, text, variables), answered });
