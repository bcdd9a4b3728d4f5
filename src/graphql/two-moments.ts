import type { AsOfInput } from './as-of';
import type { RequestContext } from './context';
import { badInput } from './errors';
import type { PinnedView } from './pinned-view';

/**
 * The two moments that an answer compares, the earlier one first; without `to` the later one is that of the request.
 * @throws GraphQLError `BAD_USER_INPUT` if they are the wrong way round
 */
export async function momentsOf(
  context: RequestContext,
  { from, to }: { readonly from: AsOfInput; readonly to?: AsOfInput | null },
): Promise<readonly [from: PinnedView, to: PinnedView]> {
  const [earlier, later] = await Promise.all([context.at(from), context.at(to)]);
  if (earlier.view.pin.ordinal <= later.view.pin.ordinal) return [earlier, later];
  // The log went on after this request was pinned: nothing between that moment and the present of the request.
  if (to == null) return [later, later];
  throw badInput('`from` is after `to`.');
}
