import { useQuery } from 'urql';
import { CompareNamesDocument } from '../generated/graphql';
import { momentOf } from '../past/moment';
import { asOfArgument } from '../past/use-as-of';
import { idOf } from '../roles/role-address';
import { userIdOf } from '../users/user-address';
import type { CompareSearch } from './compare-search';
import type { Names } from './SubjectPickers';

/** Names of what is compared, of the later moment; a role that was deleted until then has that of the earlier one. */
export function useNames(
  { what, roleId, otherRoleId, userId, from }: CompareSearch,
  to: string | undefined,
): Names {
  const ofRole = roleId !== undefined && (what === 'role' || what === 'roles');
  const ofOther = otherRoleId !== undefined && what === 'roles';
  const ofUser = userId !== undefined && what === 'user';
  const earlier = momentOf(from, Date.now());
  const [{ data }] = useQuery({
    query: CompareNamesDocument,
    variables: {
      ofRole,
      role: idOf(roleId ?? ''),
      ofOther,
      other: idOf(otherRoleId ?? ''),
      ofUser,
      user: userIdOf(userId ?? ''),
      from: earlier.state === 'past' ? { time: earlier.at } : undefined,
      to: asOfArgument(to),
    },
    pause: !ofRole && !ofUser,
  });
  return {
    role: ofRole ? (data?.role ?? data?.roleThen)?.name : undefined,
    otherRole: ofOther ? data?.other?.name : undefined,
    user: ofUser ? data?.user?.name : undefined,
  };
}
