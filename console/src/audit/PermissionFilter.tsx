import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { FilterPicker, type Found } from '../ui/controls/FilterPicker';
import { usePermissions } from './use-permission-names';

interface Props {
  /** Key of the permission that is filtered by. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}

/** Filter of the log by a permission, which is looked for by what it allows or by its key. */
export function PermissionFilter({ chosen, onChoose }: Props): ReactNode {
  const permissions = usePermissions();
  return (
    <FilterPicker
      label={t('audit.permission')}
      value={chosen === undefined ? null : (permissions.get(chosen) ?? chosen)}
      searchLabel={t('permissions.search', { count: permissions.size })}
      any={t('audit.permissionAny')}
      chosen={chosen}
      onChoose={onChoose}
      useFound={useFoundPermissions}
    />
  );
}

function useFoundPermissions(text: string): Found {
  const wanted = text.toLowerCase();
  const picks = [...usePermissions()]
    .filter(([key, name]) => key.includes(wanted) || name.toLowerCase().includes(wanted))
    .map(([id, name]) => ({ id, name }));
  return { picks, none: t('permissions.noMatch', { text }) };
}
