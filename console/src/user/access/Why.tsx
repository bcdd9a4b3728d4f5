import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../../api/fault';
import { CauseLine } from '../../compare/CauseLine';
import { fullMoment } from '../../format/dates';
import { WhyThroughDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { useAsOf } from '../../past/use-as-of';
import { addressOf } from '../../roles/role-address';
import { FaultNote } from '../../ui/feedback/FaultNote';
import { Skeleton } from '../../ui/feedback/Skeleton';
import type { Held } from './access';
import styles from './Why.module.css';

/** The user whose access is explained, and if the caller may see who changed what. */
export interface WhyOf {
  readonly userId: string;
  readonly mayViewHistory: boolean;
}

interface Props {
  readonly of: WhyOf;
  readonly held: Held;
}

/** The reason why a user has a permission: each role that grants it, who gave the role and who gave the permission to it. */
export function Why({ of, held }: Props): ReactNode {
  return (
    <ul className={styles.why} aria-label={t('access.whyOf', { permission: held.permission.description })}>
      {held.via.map((one) => (
        <li key={one.id}>
          <p className={styles.through}>
            {t('access.whyThrough')}{' '}
            <Link to="/roles/$roleId" params={{ roleId: addressOf(one.role.key) }}>
              {one.role.name}
            </Link>
          </p>
          {of.mayViewHistory ? (
            <Entries userId={of.userId} role={one.role.key} permission={held.permission.key} />
          ) : (
            <p>
              {t('access.whyAssigned', { name: one.assignedBy.name, moment: fullMoment(one.assignedAt) })}{' '}
              {t('access.whyForbidden')}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

interface EntriesProps {
  readonly userId: string;
  readonly role: string;
  readonly permission: string;
}

/** The two entries of the history that a permission through a role rests on. */
function Entries({ userId, role, permission }: EntriesProps): ReactNode {
  const until = useAsOf();
  const [{ data, error }, ask] = useQuery({
    query: WhyThroughDocument,
    variables: { user: userId, role, permission, until },
  });
  if (error && !data) return <FaultNote fault={faultOf(error)} onRetry={() => ask()} />;
  if (!data) return <Skeleton rows={2} />;
  const causes = [...(data.assigned?.nodes ?? []), ...(data.granted?.nodes ?? [])];
  return causes.map((cause) => <CauseLine key={cause.id} cause={cause} />);
}
