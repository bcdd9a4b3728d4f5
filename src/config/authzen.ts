import type { Setting, SettingsReader } from './settings-reader';

/** Settings of the Authorization API of OpenID AuthZEN. */

export interface AuthzenConfig {
  readonly authzenResourceType: string;
}

export const AUTHZEN_SETTINGS = {
  authzenResourceType: {
    name: 'ROLEBOOK_AUTHZEN_RESOURCE_TYPE',
    default: 'account',
    description:
      'Type of the resource that an account is to callers of the [Authorization API](authzen.md); its id is that of the account.',
  },
} as const satisfies Record<keyof AuthzenConfig, Setting>;

/** Reads these settings; the reader collects the faults. */
export const readAuthzen = (read: SettingsReader): AuthzenConfig => ({
  authzenResourceType: read.matching(AUTHZEN_SETTINGS.authzenResourceType, /^[\w.:-]{1,100}$/, 'account'),
});
