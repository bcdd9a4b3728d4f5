import type { ReactNode } from 'react';
import type { Change } from '../../draft/changes';
import type { ScopeEdit } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import type { Mark } from '../../ui/marks/mark';
import { Sign } from '../../ui/marks/Sign';
import { useRoleForm } from '../form';
import type { FormPermission } from '../sections';
import styles from './ChangeList.module.css';

interface Props {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** Changes as sentences, each with its sign. */
export function ChangeList({ title, changes }: Props): ReactNode {
  const { sections, draft } = useRoleForm();
  if (changes.length === 0) return null;
  const permissions = new Map(
    sections.flatMap((section) => section.permissions.map((one) => [one.key, one])),
  );
  const scopesOf = (key: string): number | undefined => draft.edits.scopes[key]?.keep.length;
  return (
    <section className={styles.list}>
      <h3>{title}</h3>
      <ul>
        {changes.map((change) => {
          const { mark, text, aside } = lineOf(change, permissions, scopesOf);
          return (
            <li key={`${mark} ${text} ${aside}`}>
              <Sign mark={mark} />
              <span>{text}</span>
              <small>{aside}</small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The number of scopes that a change adds or takes; where it swaps some, how many are kept. */
function scopeDifference({ before, keep }: ScopeEdit): string {
  const count = keep.length - before.length;
  if (count === 0) return t('change.scopesOther', { count: keep.length });
  return t(count > 0 ? 'change.scopesMore' : 'change.scopesFewer', { count: Math.abs(count) });
}

interface Line {
  readonly mark: Mark;
  readonly text: string;
  readonly aside: string;
}

function lineOf(
  change: Change,
  permissions: ReadonlyMap<string, FormPermission>,
  scopesOf: (key: string) => number | undefined,
): Line {
  switch (change.kind) {
    case 'name':
      return { mark: 'changed', text: t('change.name', { name: change.after }), aside: change.before };
    case 'description':
      return { mark: 'changed', text: t('change.description'), aside: change.after || t('change.none') };
    case 'grant': {
      const permission = permissions.get(change.permission);
      const count = scopesOf(change.permission) ?? permission?.totalScopeCount ?? 0;
      const aside = count > 0 ? t('scopes.count', { count }) : '';
      return { mark: 'added', text: permission?.description ?? change.permission, aside };
    }
    case 'revoke':
      return {
        mark: 'removed',
        text: permissions.get(change.permission)?.description ?? change.permission,
        aside: '',
      };
    case 'scopes':
      return {
        mark: 'changed',
        text: permissions.get(change.permission)?.description ?? change.permission,
        aside: scopeDifference(change.edit),
      };
    case 'assign':
      return { mark: 'added', text: change.person.name, aside: change.person.username };
    case 'unassign':
      return { mark: 'removed', text: change.person.name, aside: change.person.username };
  }
}
