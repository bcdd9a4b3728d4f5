import type { HistoryEventType } from '../generated/graphql';

/** Kinds of change that the log can be narrowed to, as the address names them, with the types of their entries. */
export const KINDS = {
  roles: [
    'ROLE_CREATED',
    'ROLE_RENAMED',
    'ROLE_DESCRIPTION_CHANGED',
    'ROLE_DELETED',
    'DEFAULT_ROLE_CHANGED',
    'DEFAULT_ROLE_RETIRED',
  ],
  permissions: ['PERMISSION_GRANTED', 'PERMISSION_REVOKED', 'PERMISSION_SCOPES_CHANGED'],
  members: ['USER_ASSIGNED', 'USER_UNASSIGNED', 'USER_BARRED'],
  people: [
    'USER_REGISTERED',
    'USER_PROFILE_CHANGED',
    'USER_DEACTIVATED',
    'USER_REACTIVATED',
    'USER_ERASED',
    'USERNAME_RELEASED',
  ],
  access: [
    'USER_LOGGED_IN',
    'USER_IDENTITY_LINKED',
    'USER_IDENTITY_UNLINKED',
    'API_KEY_CREATED',
    'API_KEY_REVOKED',
  ],
  account: [
    'ACCOUNT_OPENED',
    'FEATURE_ENABLED',
    'FEATURE_DISABLED',
    'CATALOGUE_PUBLISHED',
    'PERMISSION_CHANGED',
    'PERMISSION_RETIRED',
  ],
} as const satisfies Record<string, readonly HistoryEventType[]>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];
