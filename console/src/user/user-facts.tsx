import type { ReactNode } from 'react';
import { ago, fullMoment } from '../format/dates';
import { count } from '../format/numbers';
import { t, type MessageKey } from '../messages/i18n';
import type { UserOfPage } from './user-types';

/** Key figures of a user, for one line. */
export function userFacts(user: UserOfPage): ReactNode[] {
  const { kind, status, lastLoginAt, assignments, effectivePermissions } = user;
  const figure = (value: number, label: MessageKey): ReactNode => (
    <>
      <b>{count(value)}</b> {t(label, { count: value })}
    </>
  );
  const withheld = effectivePermissions?.withheld.length ?? 0;
  return [
    t(`user.kind.${kind}`),
    status === 'ACTIVE' ? t('user.status.ACTIVE') : <b>{t(`user.status.${status}`)}</b>,
    figure(assignments?.length ?? 0, 'fact.roles'),
    figure(effectivePermissions?.granted.length ?? 0, 'fact.permissions'),
    ...(withheld > 0 ? [t('fact.withheld', { count: withheld })] : []),
    ...(kind === 'PERSON' && status !== 'ERASED' ? [<LastLogin key="login" at={lastLoginAt} />] : []),
  ];
}

/** The last sign-in, in words. */
export function LastLogin({ at }: { readonly at: string | null }): ReactNode {
  if (at === null) return t('fact.noLogin');
  return (
    <time dateTime={at} title={fullMoment(at)}>
      {t('fact.login', { when: ago(at, Date.now()) })}
    </time>
  );
}
