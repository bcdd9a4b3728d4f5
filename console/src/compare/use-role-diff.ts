import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import {
  CompareRoleDocument,
  type CompareRoleQueryVariables,
  type RoleDifferenceFragment,
} from '../generated/graphql';
import type { RoleEntry } from './role-lines';

/** Differences of two roles, or of one at two moments; null: neither is there. Undefined: on the way. */
export interface AskedRoleDiff {
  readonly diff: RoleDifferenceFragment | null | undefined;
  /** Entries of the history between the moments, newest first; none where they may not be seen. */
  readonly entries: readonly RoleEntry[];
  readonly fault: Fault | null;
  readonly reload: () => void;
}

/** Asks for the differences of two roles. */
export function useRoleDiff(variables: CompareRoleQueryVariables): AskedRoleDiff {
  const [{ data, error }, ask] = useQuery({
    query: CompareRoleDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  return {
    diff: data?.roleDiff,
    entries: data?.history?.nodes ?? [],
    fault: error && !data?.roleDiff ? faultOf(error) : null,
    reload: () => ask({ requestPolicy: 'network-only' }),
  };
}
