import type { ReactNode } from 'react';
import { t } from '../../messages/i18n';
import { Icon } from '../../ui/marks/icons';
import { Tag } from '../../ui/marks/Tag';
import type { FormPermission } from '../sections';

/** Reasons why a permission is not like others: it left the catalogue, its feature is off, only holders can give it. */
export function PermissionTags({ permission }: { readonly permission: FormPermission }): ReactNode {
  const { retired, available, privileged, grantable, feature } = permission;
  return (
    <>
      {retired && <Tag>{t('tag.retired')}</Tag>}
      {!retired && !available && <Tag>{t('tag.featureOff', { feature: feature.name })}</Tag>}
      {privileged && (
        <Tag>
          <Icon name="key" />
          {t(grantable || retired ? 'tag.privileged' : 'tag.privilegedNotYours')}
        </Tag>
      )}
    </>
  );
}
