import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CompareSearch } from '../compare/compare-search';
import type { HistoryLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { addressOf } from '../roles/role-address';
import { userAddressOf } from '../users/user-address';
import type { AuditSearch } from './audit-search';

interface Props {
  readonly entry: HistoryLineFragment;
  readonly search: AuditSearch;
}

/** Ways on from an entry: the role as it was then, and all that its actor, role or user has in the log. */
export function WaysFrom({ entry, search }: Props): ReactNode {
  const { actor, role, user, at } = entry;
  const only = (filter: Pick<AuditSearch, 'actor' | 'role' | 'user'>, name: string): ReactNode => (
    <Link
      to="/audit"
      search={{ ...search, page: undefined, after: undefined, before: undefined, ...filter }}
      preload={false}
    >
      {t('audit.allOf', { name })}
    </Link>
  );
  const since = (subject: CompareSearch, name: string): ReactNode => (
    <Link to="/compare" search={{ ...subject, from: at, asOf: undefined }} preload={false}>
      {t('compare.sinceThen', { name })}
    </Link>
  );
  return (
    <>
      {role && (
        <Link
          to="/roles/$roleId"
          params={{ roleId: addressOf(role.key) }}
          search={{ asOf: at }}
          preload={false}
        >
          {t('audit.roleThen', { name: role.name ?? '' })}
        </Link>
      )}
      {role && since({ what: 'role', roleId: addressOf(role.key) }, role.name ?? '')}
      {user && since({ what: 'user', userId: userAddressOf(user.key) }, user.name ?? '')}
      {role && only({ role: role.key }, role.name ?? '')}
      {user && only({ user: user.key }, user.name ?? '')}
      {user?.key !== actor.key && only({ actor: actor.key }, t('audit.by', { name: actor.name }))}
    </>
  );
}
