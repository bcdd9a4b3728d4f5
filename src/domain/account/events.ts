import { Type } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { AccountId, data, FeatureKey } from '../vocabulary';

/** Events of an account (stream `rolebook.account-<account>`). */
export const accountEvents = {
  AccountOpened: data(
    { account: AccountId, name: Type.String({ minLength: 1, maxLength: 200 }) },
    'An account (a tenant) was opened.',
  ),
  FeatureEnabled: data({ account: AccountId, feature: FeatureKey }, 'The account may use a feature.'),
  FeatureDisabled: data(
    { account: AccountId, feature: FeatureKey },
    'The account may no longer use a feature: its permissions are withheld, not revoked.',
  ),
} as const;

export type AccountEvent = EventOf<typeof accountEvents>;
