import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { faultOf } from '../api/fault';
import { count } from '../format/numbers';
import { AccountPageDocument, type FeatureLineFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { asOfArgument, useAsOf } from '../past/use-as-of';
import { FaultNote } from '../ui/feedback/FaultNote';
import { RefusalNote } from '../ui/feedback/RefusalNote';
import { Skeleton } from '../ui/feedback/Skeleton';
import { PageHead } from '../ui/surfaces/PageHead';
import { PageState } from '../ui/surfaces/PageState';
import { useKept } from '../ui/use-kept';
import { useTitle } from '../ui/use-title';
import styles from './AccountScreen.module.css';
import { boundsOf } from './bounds';
import { DisableDialog } from './DisableDialog';
import { FeatureEntry } from './FeatureEntry';
import { useEnable } from './use-enable';

/** The account: its features, and what each of them bounds. */
export function AccountScreen(): ReactNode {
  const [{ data, error }, ask] = useQuery({
    query: AccountPageDocument,
    variables: { asOf: asOfArgument(useAsOf()) },
    requestPolicy: 'cache-and-network',
  });
  const kept = useKept(data);
  const [disabling, setDisabling] = useState<FeatureLineFragment | null>(null);
  const reload = (): void => ask({ requestPolicy: 'network-only' });
  const { enable, refusals, fault } = useEnable(reload);
  useTitle(t('nav.account'));
  const account = kept?.account;
  if (!account)
    return (
      <PageState title={t('nav.account')}>
        {error && !kept ? <FaultNote fault={faultOf(error)} onRetry={() => ask()} /> : <Skeleton rows={12} />}
      </PageState>
    );
  const bounds = kept.permissionCatalogue ? boundsOf(kept.permissionCatalogue) : null;
  const { features } = account;
  const enabled = features.filter((feature) => feature.enabled).length;
  const mayChange = account.allowedActions.includes('MANAGE_FEATURES');
  return (
    <>
      <PageHead
        trail={t('settings.title')}
        title={account.name}
        lede={t('account.lede')}
        facts={[
          <>
            <b>{count(enabled)}</b> {t('account.enabledOf', { count: features.length })}
          </>,
        ]}
      />
      <RefusalNote refusals={refusals} />
      {fault && <FaultNote fault={fault} />}
      <section className={styles.features} aria-labelledby="features">
        <h2 id="features">{t('account.features')}</h2>
        <ul>
          {features.map((feature) => (
            <FeatureEntry
              key={feature.key}
              feature={feature}
              bounds={bounds && (bounds.get(feature.key) ?? [])}
              onFlip={
                mayChange ? () => (feature.enabled ? setDisabling(feature) : void enable(feature)) : null
              }
            />
          ))}
        </ul>
      </section>
      {disabling && (
        <DisableDialog
          feature={disabling}
          bounds={bounds?.get(disabling.key) ?? []}
          onClose={() => setDisabling(null)}
          onDisabled={() => {
            setDisabling(null);
            reload();
          }}
        />
      )}
    </>
  );
}
