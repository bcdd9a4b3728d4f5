import { useQuery } from 'urql';
import { CurrentAccountDocument } from '../generated/graphql';

/** True if the caller may see who changed what, and why; null: that is not known yet. */
export function useMayViewHistory(): boolean | null {
  const [{ data, fetching }] = useQuery({ query: CurrentAccountDocument });
  if (data?.account) return data.account.allowedActions.includes('VIEW_HISTORY');
  return fetching ? null : false;
}
