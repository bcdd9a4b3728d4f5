import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { LifeBeginsDocument } from '../../generated/graphql';
import { t } from '../../messages/i18n';
import { movedTo } from '../../past/past-search';
import { LinkButton } from '../../ui/controls/LinkButton';
import styles from './LifeLink.module.css';

/** Way to the first step of a role’s life, from which it plays. */
export function LifeLink({ role }: { readonly role: string }): ReactNode {
  const [{ data }] = useQuery({ query: LifeBeginsDocument, variables: { role } });
  const begin = data?.role?.replay?.nodes[0]?.change.moment.time;
  if (begin === undefined) return null;
  return (
    <p className={styles.way}>
      <LinkButton
        to="."
        search={(search: object) => ({ ...movedTo(begin)(search), tab: undefined })}
        preload={false}
        resetScroll={false}
      >
        {t('life.begin')}
      </LinkButton>
      <span>{t('life.beginHelp', { count: data?.role?.replay?.totalCount ?? 0 })}</span>
    </p>
  );
}
