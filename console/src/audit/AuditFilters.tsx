import type { ReactNode } from 'react';
import type { HistoryLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { Button } from '../ui/controls/Button';
import { Select } from '../ui/controls/Select';
import { Icon } from '../ui/marks/icons';
import styles from './AuditFilters.module.css';
import { isFiltered, type AuditSearch } from './audit-search';
import { DayField } from './DayField';
import { KIND_NAMES } from './kinds';
import { PermissionFilter } from './PermissionFilter';

interface Props {
  readonly search: AuditSearch;
  readonly entries: readonly HistoryLineFragment[];
  /** Shows the log by other filters, from its first page. */
  readonly onFilter: (filter: Omit<AuditSearch, 'page' | 'after' | 'before'>) => void;
}

/** Filters of the log: kind, permission and days to choose; actor, role and user come from entries. Each can be dropped. */
export function AuditFilters({ search, entries, onFilter }: Props): ReactNode {
  const { kind, from, to } = search;
  const filters = filtersIn(search);
  return (
    <>
      <div className={styles.filters} role="group" aria-label={t('audit.filters')}>
        <Select
          label={t('audit.kind')}
          selected={kind ?? 'all'}
          onSelect={(id) => onFilter({ ...filters, kind: id === 'all' ? undefined : id })}
          options={(['all', ...KIND_NAMES] as const).map((id) => ({ id, label: t(`audit.kind.${id}`) }))}
        />
        <PermissionFilter
          chosen={search.permission}
          onChoose={(permission) => onFilter({ ...filters, permission })}
        />
        <DayField
          label={t('audit.from')}
          value={from}
          onChange={(day) => onFilter({ ...filters, from: day })}
        />
        <DayField label={t('audit.to')} value={to} onChange={(day) => onFilter({ ...filters, to: day })} />
        {isFiltered(search) && (
          <Button look="plain" onPress={() => onFilter({})}>
            {t('audit.clear')}
          </Button>
        )}
      </div>
      <Chosen search={search} entries={entries} onFilter={onFilter} />
    </>
  );
}

const filtersIn = ({ kind, actor, role, user, permission, from, to }: AuditSearch) => ({
  kind,
  actor,
  role,
  user,
  permission,
  from,
  to,
});

/** Filters that came from an entry, each with the way to drop it. */
function Chosen({ search, entries, onFilter }: Props): ReactNode {
  const { actor, role, user } = search;
  const chosen = [
    {
      id: 'actor',
      label: 'audit.onlyBy',
      name: named(
        actor,
        entries.map((entry) => entry.actor),
      ),
    },
    {
      id: 'role',
      label: 'audit.onlyRole',
      name: named(
        role,
        entries.map((entry) => entry.role),
      ),
    },
    {
      id: 'user',
      label: 'audit.onlyUser',
      name: named(
        user,
        entries.map((entry) => entry.user),
      ),
    },
  ] as const;
  return (
    <ul className={styles.chosen}>
      {chosen.map(({ id, label, name }) => {
        if (name === undefined) return null;
        const words = t(label, { name });
        return (
          <li key={id}>
            {words}
            <Button
              look="icon"
              aria-label={t('audit.drop', { filter: words })}
              onPress={() => onFilter({ ...filtersIn(search), [id]: undefined })}
            >
              <Icon name="close" />
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

interface Named {
  readonly key: string;
  readonly name: string | null;
}

/** Name of what a filter is about, as the entries give it; where none does, its id. */
function named(key: string | undefined, found: readonly (Named | null)[]): string | undefined {
  return key === undefined ? undefined : (found.find((one) => one?.key === key)?.name ?? key);
}
