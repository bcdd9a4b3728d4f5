import { useId, useState, type ReactNode } from 'react';
import { tick } from '../../draft/edit';
import { sectionState, selectAll } from '../../draft/section';
import { t } from '../../messages/i18n';
import { Checkbox } from '../../ui/controls/Checkbox';
import { Icon } from '../../ui/marks/icons';
import { announce } from '../../ui/feedback/live';
import { useRoleForm } from '../form';
import type { FormPermission, FormSection } from '../sections';
import { PermissionRow } from './PermissionRow';
import styles from './PermissionSection.module.css';
import { ScopesDialog } from './ScopesDialog';

interface Props {
  readonly section: FormSection;
  /** Permissions that the filter leaves. The count and Select all are about all of the section. */
  readonly shown: readonly FormPermission[];
  readonly open: boolean;
  /** Null while a filter is on: then it stays open. */
  readonly onFlip: (() => void) | null;
}

/** A section: its head stays in sight while its permissions scroll by. */
export function PermissionSection({ section, shown, open, onFlip }: Props): ReactNode {
  const { draft, edit, rights } = useRoleForm();
  const [scopesOf, setScopesOf] = useState<FormPermission | null>(null);
  const list = useId();
  const state = sectionState(draft, section.permissions);
  const selectEverything = (): void => {
    const { keys, granted } = selectAll(draft, section.permissions);
    edit((now) => tick(now, keys, granted));
    const values = { section: section.name, count: keys.length, left: state.leftOut };
    announce(t(granted ? 'section.selected' : 'section.unselected', values));
  };
  return (
    <section className={styles.section} aria-labelledby={`${list}-name`}>
      <header className={styles.head}>
        <h2 className={styles.name} id={`${list}-name`}>
          <button
            type="button"
            className={styles.flip}
            aria-expanded={open}
            aria-controls={list}
            onClick={onFlip ?? undefined}
          >
            <Icon name="chevron" className={styles.chevron} />
            {section.name}
          </button>
        </h2>
        <span className={styles.count}>
          {t('section.count', { selected: state.selected, total: state.total })}
        </span>
        {state.box === 'all' && state.leftOut > 0 && (
          <span className={styles.count}>{t('section.leftOut', { count: state.leftOut })}</span>
        )}
        {rights.permissions && (
          <span className={styles.all}>
            <Checkbox
              isSelected={state.box === 'all'}
              isIndeterminate={state.box === 'some'}
              onChange={selectEverything}
              aria-label={t('section.selectAllOf', { section: section.name })}
            >
              {t('section.selectAll')}
            </Checkbox>
          </span>
        )}
      </header>
      <p className={styles.description}>{section.description}</p>
      <ul id={list} className={styles.list} hidden={!open}>
        {open &&
          shown.map((permission) => (
            <PermissionRow key={permission.key} permission={permission} onScopes={setScopesOf} />
          ))}
      </ul>
      {scopesOf && <ScopesDialog permission={scopesOf} onClose={() => setScopesOf(null)} />}
    </section>
  );
}
