import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { utcMoment } from '../format/dates';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { Empty } from '../ui/feedback/Empty';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { useTitle } from '../ui/use-title';
import { useMayViewHistory } from '../user/use-may-view-history';
import { AccountComparison } from './AccountComparison';
import { CompareForm } from './CompareForm';
import type { CompareSearch } from './compare-search';
import { laterName, problemOf } from './moment-words';
import { momentsOf, type Moments, type NoMoments } from './moments';
import { RoleComparison } from './RoleComparison';
import type { Names } from './SubjectPickers';
import { TwoRoles } from './TwoRoles';
import { useNames } from './use-names';
import { UserComparison } from './UserComparison';

const route = getRouteApi('/compare');

/** Compares: what everybody may do at two moments, a role or a user at two moments, two roles at one. */
export function CompareScreen(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const asOf = useAsOf();
  const names = useNames(search, asOf);
  const moments = search.what === 'roles' ? null : momentsOf(search.from, asOf, Date.now());
  const title = titleOf(search, names);
  useTitle(title);
  const show = (next: CompareSearch, later?: string | null): void => {
    const moment = later === undefined ? {} : { asOf: later ?? undefined };
    void navigate({ search: { ...next, ...moment }, resetScroll: false });
  };
  return (
    <>
      <PageHead trail={<Trail search={search} names={names} />} title={title} lede={ledeOf(moments, asOf)} />
      <CompareForm search={search} names={names} onShow={show} />
      {moments !== null && 'problem' in moments ? (
        <Empty title={problemOf(moments)} />
      ) : (
        <Comparison search={search} moments={moments} onShow={show} />
      )}
    </>
  );
}

function titleOf({ what, userId }: CompareSearch, { role, otherRole, user }: Names): string {
  if (what === undefined) return t('compare.title');
  if (what === 'roles')
    return role && otherRole ? t('compare.two', { role, other: otherRole }) : t('compare.what.roles');
  const name = what === 'user' ? userId && user : role;
  return name ? t('compare.thenAndNow', { name }) : t(`compare.what.${what}`);
}

function ledeOf(moments: Moments | NoMoments | null, asOf: string | undefined): string | null {
  if (moments === null)
    return asOf === undefined ? t('compare.asNow') : t('past.asOf', { moment: utcMoment(asOf) });
  if ('problem' in moments) return null;
  return t('compare.between', { from: utcMoment(moments.from), to: laterName(moments.to) });
}

/** Way back to what is compared. */
function Trail({ search, names }: { readonly search: CompareSearch; readonly names: Names }): ReactNode {
  const { what, roleId, userId } = search;
  if (what === 'user')
    return userId && names.user ? (
      <Link to="/users/$userId" params={{ userId }}>
        {names.user}
      </Link>
    ) : (
      <Link to="/users">{t('people.title')}</Link>
    );
  if (what === undefined) return <Link to="/audit">{t('audit.title')}</Link>;
  return roleId && names.role ? (
    <Link to="/roles/$roleId" params={{ roleId }}>
      {names.role}
    </Link>
  ) : (
    <Link to="/roles">{t('roles.title')}</Link>
  );
}

interface ComparisonProps {
  readonly search: CompareSearch;
  /** Null: two roles are compared at one moment. */
  readonly moments: Moments | null;
  readonly onShow: (search: CompareSearch) => void;
}

function Comparison({ search, moments, onShow }: ComparisonProps): ReactNode {
  const mayViewHistory = useMayViewHistory();
  const { what, roleId, otherRoleId, userId } = search;
  if (mayViewHistory === null) return <Skeleton rows={8} />;
  if (moments === null)
    return roleId && otherRoleId ? (
      <TwoRoles roleId={roleId} otherRoleId={otherRoleId} />
    ) : (
      <Empty title={t('compare.chooseRoles')} />
    );
  if (what === 'role')
    return roleId ? (
      <RoleComparison {...{ roleId, moments, mayViewHistory, search, onShow }} />
    ) : (
      <Empty title={t('compare.chooseRole')} />
    );
  if (what === 'user')
    return userId ? (
      <UserComparison {...{ userId, moments, mayViewHistory }} />
    ) : (
      <Empty title={t('compare.chooseUser')} />
    );
  return <AccountComparison {...{ moments, mayViewHistory, search, onShow }} />;
}
