import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf, type Fault } from '../api/fault';
import {
  CompareAccessDocument,
  type CompareAccessQuery,
  type UserDifferenceFragment,
} from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument } from '../past/use-as-of';
import { classes } from '../ui/classes';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { Pager } from '../ui/surfaces/Pager';
import { pageOf, type Place } from '../ui/surfaces/place';
import { useKept } from '../ui/use-kept';
import { userAddressOf } from '../users/user-address';
import styles from './AccountComparison.module.css';
import { groupsOfUser } from './cause-groups';
import { CauseGroups } from './CauseGroups';
import type { CompareSearch } from './compare-search';
import type { Moments } from './moments';
import { NoCauses } from './NoCauses';

interface Props {
  readonly moments: Moments;
  readonly mayViewHistory: boolean;
  readonly search: CompareSearch;
  readonly onShow: (search: CompareSearch) => void;
  /** Only users of this role; left out: everybody. */
  readonly roleId?: string;
}

const PAGE_SIZE = 20;

/** Users whose access differs between two moments: what each gained and lost, and what made it. */
export function AccountComparison({ moments, mayViewHistory, search, onShow, roleId }: Props): ReactNode {
  const place = placeOf(search);
  const [{ data, error, fetching }, ask] = useQuery({
    query: CompareAccessDocument,
    variables: {
      role: roleId,
      permission: roleId === undefined ? search.permission : undefined,
      from: { time: moments.from },
      to: asOfArgument(moments.to),
      causes: mayViewHistory,
      ...pageOf(place, PAGE_SIZE),
    },
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  const diff = kept?.accessDiff;
  const users = diff?.users;
  const fault = error && !data?.accessDiff ? faultOf(error) : null;
  if (!users || fault)
    return <NoUsers fault={fault} diff={diff} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (users.nodes.length === 0)
    return (
      <Empty title={t('compare.nobody')}>
        <p>{t('compare.nobodyHelp')}</p>
      </Empty>
    );
  const Sum = roleId === undefined ? 'h2' : 'p';
  const isOld = fetching && data !== kept;
  return (
    <div className={classes(styles.list, isOld && styles.dimmed)} aria-busy={isOld}>
      <Sum className={styles.sum}>{sumOf(diff)}</Sum>
      {!mayViewHistory && <NoCauses />}
      {users.nodes.map((one) => (
        <UserBlock key={one.userId} difference={one} from={search.from} />
      ))}
      <Pager
        place={place}
        size={PAGE_SIZE}
        total={users.totalCount}
        shown={users.nodes.length}
        info={users.pageInfo}
        onTurn={({ page: next, ...cursor }) =>
          onShow({ ...search, page: next > 1 ? next : undefined, after: cursor.after, before: cursor.before })
        }
      />
    </div>
  );
}

const placeOf = ({ page = 1, after, before }: CompareSearch): Place => ({ page, after, before });

interface NoUsersProps {
  readonly fault: Fault | null;
  readonly diff: CompareAccessQuery['accessDiff'] | undefined;
  readonly onRetry: () => void;
}

/** Stands in place of users: on the way, failed, or not to be seen. */
function NoUsers({ fault, diff, onRetry }: NoUsersProps): ReactNode {
  if (fault?.kind === 'forbidden' || diff === null) return <Empty title={t('roles.forbidden')} />;
  if (fault) return <FaultNote fault={fault} onRetry={onRetry} />;
  return diff ? <Empty title={t('people.forbidden')} /> : <Skeleton rows={10} />;
}

type Diff = NonNullable<CompareAccessQuery['accessDiff']>;

/** The sentence that says for how many something differs; of a large account it is not counted. */
function sumOf({ gainingUserCount: gaining, losingUserCount: losing }: Diff): string {
  return gaining === null || losing === null
    ? t('compare.manyPeople')
    : t('compare.people', { gaining, losing });
}

interface UserBlockProps {
  readonly difference: UserDifferenceFragment;
  readonly from: string | undefined;
}

function UserBlock({ difference, from }: UserBlockProps): ReactNode {
  const { userId, user, gained, lost } = difference;
  const name = user?.name ?? t('compare.unknownUser');
  return (
    <section className={styles.user} aria-label={name}>
      <header className={styles.head}>
        <h3>
          <Link to="/compare" search={{ what: 'user', userId: userAddressOf(userId), from }} preload={false}>
            {name}
          </Link>
        </h3>
        {user && <code>{user.username}</code>}
        <span className={styles.count}>
          {t('compare.counts', { gained: gained.length, lost: lost.length })}
        </span>
      </header>
      <CauseGroups label={name} groups={groupsOfUser(difference)} />
    </section>
  );
}
