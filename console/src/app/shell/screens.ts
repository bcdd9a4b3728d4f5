import type { MessageKey } from '../../messages/i18n';

/** A screen that the rail and the keys lead to. Screens that are not built are not listed. */
export interface Screen {
  readonly to: '/roles' | '/users' | '/permissions' | '/account' | '/audit';
  readonly label: MessageKey;
  /** Letter that follows `g`. */
  readonly key: string;
}

export const SCREENS: readonly Screen[] = [
  { to: '/roles', label: 'nav.roles', key: 'r' },
  { to: '/users', label: 'nav.users', key: 'u' },
  { to: '/permissions', label: 'nav.permissions', key: 'p' },
  { to: '/account', label: 'nav.account', key: 'a' },
  { to: '/audit', label: 'nav.audit', key: 'h' },
];
