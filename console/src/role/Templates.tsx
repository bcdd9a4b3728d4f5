import type { ReactNode } from 'react';
import { tick } from '../draft/edit';
import { grantedKeys } from '../draft/role-draft';
import type { NewRolePageQuery } from '../generated/graphql';
import { t } from '../messages/i18n';
import { announce } from '../ui/feedback/live';
import { ChoiceMenu } from '../ui/controls/ChoiceMenu';
import styles from './DetailsFields.module.css';
import { useRoleForm } from './form';

interface Props {
  readonly templates: NonNullable<NewRolePageQuery['permissionCatalogue']>['roleTemplates'];
}

/** Begins a role with the permissions of a template. What the caller may not grant is left out, and said. */
export function Templates({ templates }: Props): ReactNode {
  const { draft, edit, sections } = useRoleForm();
  if (templates.length === 0 || grantedKeys(draft).length > 0) return null;
  const grantable = new Set(
    sections.flatMap(({ permissions }) => permissions.filter((one) => one.grantable).map(({ key }) => key)),
  );
  const begin = (id: string): void => {
    const template = templates.find((one) => one.id === id);
    if (!template) return;
    const keys = template.permissions.map(({ key }) => key);
    const offered = keys.filter((key) => grantable.has(key));
    edit((now) => tick(now, offered, true));
    announce(t('templates.done', { count: offered.length, left: keys.length - offered.length }));
  };
  return (
    <p className={styles.opener}>
      {t('templates.text')}{' '}
      <ChoiceMenu
        label={t('templates.act')}
        choices={templates.map(({ id, name, permissionCount }) => ({
          id,
          label: name,
          aside: t('templates.count', { count: permissionCount }),
        }))}
        onChoose={begin}
      />
    </p>
  );
}
