import type { AccountEvent } from '../../src/domain/account/events';
import type { AccountNumber } from '../numbers';
import { disableFeature, enableFeature, openAccount } from '../tables/accounts';
import type { TableWriter } from '../tables/table-writer';
import { unreachable, type CheckedEvent } from './checked-event';

/** Accounts and the features they have enabled. */

export function reduceAccount(
  writing: TableWriter,
  { ordinal }: CheckedEvent,
  account: AccountNumber,
  event: AccountEvent,
): void {
  const change = { account, ordinal };
  switch (event.type) {
    case 'AccountOpened':
      return openAccount(writing, change, event.data.name);
    case 'FeatureEnabled':
      return enableFeature(writing, change, event.data.feature);
    case 'FeatureDisabled':
      return disableFeature(writing, change, event.data.feature);
    default:
      return unreachable(event);
  }
}
