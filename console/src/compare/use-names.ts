import { useQuery } from 'urql';
import { CompareNamesDocument, type CompareNamesQuery } from '../generated/graphql';
import { momentOf } from '../past/moment';
import { asOfArgument } from '../past/use-as-of';
import { idOf } from '../roles/role-address';
import { userIdOf } from '../users/user-address';
import type { CompareSearch } from './compare-search';
import type { Names } from './SubjectPickers';

/** Subjects of a comparison that are chosen, by id. */
function chosenIn({ what, roleId, otherRoleId, userId }: CompareSearch) {
  const isOfRoles = what === 'role' || what === 'roles';
  return {
    role: isOfRoles && roleId ? idOf(roleId) : null,
    other: what === 'roles' && otherRoleId ? idOf(otherRoleId) : null,
    user: what === 'user' && userId ? userIdOf(userId) : null,
  };
}

/** Names of what is compared, of the later moment; a role that was deleted until then has that of the earlier one. */
export function useNames(search: CompareSearch, to: string | undefined): Names {
  const { role, other, user } = chosenIn(search);
  const earlier = momentOf(search.from, Date.now());
  const [{ data }] = useQuery({
    query: CompareNamesDocument,
    variables: {
      ofRole: role !== null,
      role: role ?? '',
      ofOther: other !== null,
      other: other ?? '',
      ofUser: user !== null,
      user: user ?? '',
      from: earlier.state === 'past' ? { time: earlier.at } : undefined,
      to: asOfArgument(to),
    },
    pause: role === null && user === null,
  });
  return namesIn(data ?? {});
}

const namesIn = ({ role, roleThen, other, user }: Partial<CompareNamesQuery>): Names => ({
  role: (role ?? roleThen)?.name,
  otherRole: other?.name,
  user: user?.name,
});
