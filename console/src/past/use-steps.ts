import { useParams, useSearch } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { StepsAroundDocument } from '../generated/graphql';
import { idOf } from '../roles/role-address';
import { userIdOf } from '../users/user-address';
import { shifted, stepsOf, type Steps } from './steps';
import { useAsOf } from './use-as-of';

/** Entries on either side of the moment. */
const WINDOW = 30;

/** Changes around the moment that is shown: of the role or user whose page it is or that is compared, else of the account. Null: not to be had. */
export function useSteps(): Steps | null {
  const asOf = useAsOf();
  const ofPage = useParams({ strict: false });
  const compared = useSearch({ strict: false });
  const { roleId = compared.roleId, userId = compared.userId } = ofPage;
  const moment = asOf ?? '';
  const [{ data }] = useQuery({
    query: StepsAroundDocument,
    variables: {
      role: roleId === undefined ? null : idOf(roleId),
      user: userId === undefined ? null : userIdOf(userId),
      moment,
      justBefore: asOf === undefined ? '' : shifted(asOf, -1),
      justAfter: asOf === undefined ? '' : shifted(asOf, 1),
      size: WINDOW,
    },
    pause: asOf === undefined,
    requestPolicy: 'cache-and-network',
  });
  if (asOf === undefined || !data?.before || !data.here || !data.after) return null;
  return stepsOf([...data.after.nodes, ...data.here.nodes, ...data.before.nodes], asOf);
}
