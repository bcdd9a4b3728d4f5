import type { ReactNode } from 'react';
import { t } from '../messages/i18n';
import { useAsOf } from '../past/use-as-of';
import { LinkButton } from '../ui/controls/LinkButton';
import type { CompareSearch } from './compare-search';

/** Way from a role, a user or the log to its comparison: from the moment that is shown till now; from now, with a month ago. */
export function CompareLink(subject: Pick<CompareSearch, 'what' | 'roleId' | 'userId'>): ReactNode {
  const asOf = useAsOf();
  const moments = asOf === undefined ? {} : { from: asOf, asOf: undefined };
  return (
    <LinkButton to="/compare" search={{ ...subject, ...moments }} preload={false}>
      {t('compare.act')}
    </LinkButton>
  );
}
