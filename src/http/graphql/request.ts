import { badRequest, HttpError } from '../failure';

/** Checks a request must pass before it is one of GraphQL, by the specification of GraphQL over HTTP. */

/**
 * The text of the query in a body.
 * @throws HttpError 400 for a body that is not a request of GraphQL
 */
export function queryOf(body: unknown): string {
  if (!isObject(body)) throw badRequest('The body must be one JSON object with a `query`.');
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || query === '') throw badRequest('`query` must be a text.');
  if (operationName != null && typeof operationName !== 'string')
    throw badRequest('`operationName` must be a text.');
  if (variables != null && !isObject(variables)) throw badRequest('`variables` must be an object.');
  if (extensions != null && !isObject(extensions)) throw badRequest('`extensions` must be an object.');
  return query;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const OURS = ['*/*', 'application/*', 'application/json', 'application/graphql-response+json'];

/**
 * Refuses, before anything is done, a request with an answer that the client could not read: a mutation would be
 * written, and its outcome lost.
 * @throws HttpError 406 if an `Accept` takes none of the formats given here
 */
export function demandAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '') return;
  const accepted = accept.split(',').some((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    return OURS.includes(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
  if (!accepted)
    throw new HttpError(
      406,
      'NOT_ACCEPTABLE',
      'Accept application/graphql-response+json or application/json: there is nothing else.',
    );
}
