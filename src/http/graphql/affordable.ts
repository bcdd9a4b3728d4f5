import type { Config } from '../../config/config';
import { requestError } from '../../graphql/errors';
import type { Cost } from '../../graphql/limits/cost';

/** Mutations that one request may hold. */
const MAX_MUTATIONS = 10;

/**
 * Refuses an operation that would block the event loop for long, by its estimate.
 * @throws RequestError `QUERY_TOO_COMPLEX`
 */
export function demandAffordable(
  { cost, depth, mutations }: Cost,
  { maxQueryCost, maxQueryDepth }: Pick<Config, 'maxQueryCost' | 'maxQueryDepth'>,
): void {
  if (depth > maxQueryDepth)
    throw requestError('QUERY_TOO_COMPLEX', `The request nests ${depth} deep, more than ${maxQueryDepth}.`);
  if (mutations > MAX_MUTATIONS)
    throw requestError(
      'QUERY_TOO_COMPLEX',
      `The request has ${mutations} mutations, more than ${MAX_MUTATIONS}.`,
    );
  if (cost > maxQueryCost) {
    const message = `The request may cost ${Math.ceil(cost)}, more than ${maxQueryCost}. Ask for fewer fields or smaller pages.`;
    throw requestError('QUERY_TOO_COMPLEX', message, { cost: Math.ceil(cost), limit: maxQueryCost });
  }
}
