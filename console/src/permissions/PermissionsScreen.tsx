import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { PermissionsPageDocument, type PermissionsPageQuery } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { SearchField } from '../ui/controls/SearchField';
import { Empty } from '../ui/feedback/Empty';
import { FaultNote } from '../ui/feedback/FaultNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { useKept } from '../ui/use-kept';
import { useTitle } from '../ui/use-title';
import { PermissionEntry } from './PermissionEntry';
import styles from './PermissionsScreen.module.css';

const route = getRouteApi('/permissions');

type Section = NonNullable<PermissionsPageQuery['permissionCatalogue']>['sections'][number];

/** The permissions that roles are made of, by section; each opens to who has it, and through what. */
export function PermissionsScreen(): ReactNode {
  const { q, open } = route.useSearch();
  const navigate = route.useNavigate();
  const [{ data, error }, ask] = useQuery({
    query: PermissionsPageDocument,
    variables: { asOf: asOfArgument(useAsOf()) },
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  useTitle(t('nav.permissions'));
  const sections = kept?.permissionCatalogue?.sections ?? [];
  const total = sections.reduce((sum, { permissions }) => sum + permissions.length, 0);
  const shown = matching(sections, q);
  return (
    <>
      <PageHead trail={t('settings.title')} title={t('nav.permissions')} lede={t('permission.lede')} />
      {error && !kept && <FaultNote fault={faultOf(error)} onRetry={() => ask()} />}
      {!kept && !error && <Skeleton rows={12} />}
      {kept && !kept.permissionCatalogue && <Empty title={t('roles.forbidden')} />}
      {total > 0 && (
        <div className={styles.tools}>
          <SearchField
            label={t('permissions.search', { count: total })}
            value={q ?? ''}
            shortcut
            onSearch={(text) =>
              void navigate({ search: (now) => ({ ...now, q: text || undefined }), replace: true })
            }
          />
        </div>
      )}
      {total > 0 && shown.length === 0 && <Empty title={t('permissions.noMatch', { text: q ?? '' })} />}
      {shown.map(({ key, name, description, permissions }) => (
        <section key={key} className={styles.section} aria-label={name}>
          <h2>{name}</h2>
          <p>{description}</p>
          <ul>
            {permissions.map((permission) => (
              <PermissionEntry
                key={permission.key}
                permission={permission}
                open={permission.key === open}
                onFlip={(on) =>
                  void navigate({
                    search: (now) => ({ ...now, open: on ? permission.key : undefined }),
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** Sections with the permissions whose description or key has the text in it. */
function matching(sections: readonly Section[], text: string | undefined): readonly Section[] {
  if (text === undefined) return sections;
  const sought = text.toLocaleLowerCase('en');
  return sections
    .map((section) => ({
      ...section,
      permissions: section.permissions.filter(({ key, description }) =>
        `${key} ${description}`.toLocaleLowerCase('en').includes(sought),
      ),
    }))
    .filter(({ permissions }) => permissions.length > 0);
}
