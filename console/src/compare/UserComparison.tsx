import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { utcMoment } from '../format/dates';
import { count } from '../format/numbers';
import { CompareUserDocument, type CompareUserQuery, type UserAtMomentFragment } from '../generated/graphql';
import { t, type MessageKey } from '../messages/i18n';
import { asOfArgument } from '../past/use-as-of';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { userIdOf } from '../users/user-address';
import { Beside, type Figure } from './Beside';
import { groupsOfUser } from './cause-groups';
import { CauseGroups } from './CauseGroups';
import { DiffSection } from './DiffSection';
import { laterHead } from './moment-words';
import { justAfter, type Moments } from './moments';
import { NoCauses } from './NoCauses';
import { heldOf, roleGroups } from './user-lines';

interface Props {
  readonly userId: string;
  readonly moments: Moments;
  readonly mayViewHistory: boolean;
}

/** A user then and now: the roles that came and went, what they came to, and what made it. */
export function UserComparison({ userId, moments, mayViewHistory }: Props): ReactNode {
  const { from, to } = moments;
  const [{ data, error }, ask] = useQuery({
    query: CompareUserDocument,
    variables: {
      user: userIdOf(userId),
      from: { time: from },
      to: asOfArgument(to),
      since: justAfter(from),
      until: to,
      causes: mayViewHistory,
    },
    requestPolicy: 'cache-and-network',
  });
  if (error && !data?.now && !data?.then) {
    const fault = faultOf(error);
    if (fault.kind === 'forbidden') return <Empty title={t('user.forbidden')} />;
    return <FaultNote fault={fault} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (!data) return <Skeleton rows={10} />;
  return <ThenAndNow data={data} moments={moments} mayViewHistory={mayViewHistory} />;
}

interface ThenAndNowProps extends Omit<Props, 'userId'> {
  readonly data: CompareUserQuery;
}

function ThenAndNow({ data, moments: { from, to }, mayViewHistory }: ThenAndNowProps): ReactNode {
  const { then, now } = data;
  if (!then && !now)
    return (
      <Empty title={t('user.none')}>
        <p>{t('user.noneHelp')}</p>
      </Empty>
    );
  const roles = roleGroups({ then, now, entries: data.history?.nodes ?? [] });
  const difference = data.accessDiff?.users?.nodes[0];
  const access = difference ? groupsOfUser(difference, heldOf(then, now)) : [];
  const numberOf = (groups: typeof access): number =>
    groups.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <>
      <Beside
        label={t('compare.figures')}
        left={utcMoment(from)}
        right={laterHead(to)}
        figures={figuresOf(then, now)}
      />
      {roles.length + access.length === 0 ? (
        <Empty title={t('compare.same')} />
      ) : (
        !mayViewHistory && <NoCauses />
      )}
      {roles.length > 0 && (
        <DiffSection title={t('user.roles')} number={numberOf(roles)}>
          <CauseGroups label={t('user.roles')} groups={roles} />
        </DiffSection>
      )}
      {access.length > 0 && (
        <DiffSection title={t('user.access')} number={numberOf(access)}>
          <CauseGroups label={t('user.access')} groups={access} />
        </DiffSection>
      )}
    </>
  );
}

type AtMoment = UserAtMomentFragment | null;

function figuresOf(then: AtMoment, now: AtMoment): Figure[] {
  const figure = (label: MessageKey, valueOf: (user: UserAtMomentFragment) => string): Figure => {
    const [left, right] = [then, now].map((user) => (user ? valueOf(user) : t('compare.notThere')));
    return { label: t(label), left, right, isSame: left === right };
  };
  return [
    figure('people.status', ({ status }) => t(`people.status.${status}`)),
    figure('user.roles', ({ assignments }) => count(assignments?.length ?? 0)),
    figure('role.permissions', ({ effectivePermissions }) =>
      count(effectivePermissions?.granted.length ?? 0),
    ),
    figure('compare.withheld', ({ effectivePermissions }) =>
      count(effectivePermissions?.withheld.length ?? 0),
    ),
  ];
}
