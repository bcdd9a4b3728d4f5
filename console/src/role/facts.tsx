import type { ReactNode } from 'react';
import { ago, fullMoment } from '../format/dates';
import { count } from '../format/numbers';
import { t, type MessageKey } from '../messages/i18n';
import type { RoleOfPage } from './sections';

/** Key figures of a role, for one line; “2 hours ago” counts from `now`. */
export function factsOf(role: RoleOfPage, now: number): ReactNode[] {
  const figure = (value: number, label: MessageKey): ReactNode => (
    <>
      <b>{count(value)}</b> {t(label, { count: value })}
    </>
  );
  return [
    figure(role.userCount, 'fact.users'),
    figure(role.permissionCount, 'fact.permissions'),
    figure(role.scopeCount, 'fact.scopes'),
    ...(role.group ? [role.group.name] : []),
    ...changedBy(role, now),
  ];
}

function changedBy({ updatedAt, updatedBy }: RoleOfPage, now: number): ReactNode[] {
  if (!updatedAt) return [];
  const when = ago(updatedAt, now);
  return [
    <time key="changed" dateTime={updatedAt} title={fullMoment(updatedAt)}>
      {updatedBy ? t('fact.changedBy', { when, name: updatedBy.name }) : t('fact.changed', { when })}
    </time>,
  ];
}
