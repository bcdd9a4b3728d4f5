import { useState, type ReactNode } from 'react';
import { isGranted } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import { Button } from '../../ui/controls/Button';
import { Empty } from '../../ui/feedback/Empty';
import { SearchField } from '../../ui/controls/SearchField';
import { Toggle } from '../../ui/controls/Toggle';
import { useRoleForm } from '../form';
import type { RoleSearch } from '../role-search';
import { filterSections } from './filter';
import { PermissionSection } from './PermissionSection';
import styles from './PermissionsTab.module.css';

interface Props {
  readonly search: RoleSearch;
  readonly onShow: (search: RoleSearch) => void;
}

/** All permissions in their sections; those of a section that holds none selected stand closed at first. */
export function PermissionsTab({ search, onShow }: Props): ReactNode {
  const { draft, sections, rights, marks } = useRoleForm();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => {
    const begun = sections.filter(({ permissions }) =>
      permissions.some(({ key }) => isGranted(draft, key) || marks?.has(key)),
    );
    return new Set(begun.map(({ key }) => key));
  });
  const { q, only } = search;
  const filtered = filterSections(sections, draft, search, marks);
  const total = sections.reduce((sum, { permissions }) => sum + permissions.length, 0);
  const isFiltered = q !== undefined || only !== undefined;
  const flip = (key: string): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const showOnly = (value: 'selected' | 'changed', on: boolean): void =>
    onShow({ ...search, only: on ? value : undefined });
  const allOpen = open.size === sections.length;
  return (
    <>
      <div className={styles.tools}>
        <SearchField
          label={t('permissions.search', { count: total })}
          value={q ?? ''}
          shortcut
          onSearch={(text) => onShow({ ...search, q: text || undefined })}
        />
        <Toggle on={only === 'selected'} onFlip={(on) => showOnly('selected', on)}>
          {t('permissions.onlySelected')}
        </Toggle>
        {(rights.permissions || marks || only === 'changed') && (
          <Toggle on={only === 'changed'} onFlip={(on) => showOnly('changed', on)}>
            {t('permissions.onlyChanged')}
          </Toggle>
        )}
        {!isFiltered && (
          <span className={styles.end}>
            <Button
              look="link"
              onPress={() => setOpen(new Set(allOpen ? [] : sections.map(({ key }) => key)))}
            >
              {t(allOpen ? 'permissions.closeAll' : 'permissions.openAll')}
            </Button>
          </span>
        )}
      </div>
      {filtered.length === 0 && (
        <Empty title={t(q === undefined ? 'permissions.noneLeft' : 'permissions.noMatch', { text: q ?? '' })}>
          <Button onPress={() => onShow({ tab: search.tab })}>{t('permissions.showAll')}</Button>
        </Empty>
      )}
      {filtered.map(({ section, shown }) => (
        <PermissionSection
          key={section.key}
          section={section}
          shown={shown}
          open={isFiltered || open.has(section.key)}
          onFlip={isFiltered ? null : () => flip(section.key)}
        />
      ))}
    </>
  );
}
