import type { RefusalFragment } from '../generated/graphql';
import { t } from '../messages/i18n';

const list = new Intl.ListFormat('en');

/** Names of roles by their ids. */
export type RoleNames = ReadonlyMap<string, string>;

/** Words for a refusal of a change of somebody’s roles: the reason, and what to do about it. */
export function refusalWords(
  { code, message, permissions, ids }: Pick<RefusalFragment, 'code' | 'message' | 'permissions' | 'ids'>,
  names: RoleNames,
): string {
  switch (code) {
    case 'ESCALATION':
      return t('why.escalation', { permissions: list.format(permissions) });
    case 'LAST_ADMIN':
      return t('why.lastAdmin');
    case 'ROLE_CONFLICT': {
      const roles = ids.flatMap((id) => names.get(id) ?? []);
      return roles.length > 0 ? t('why.conflict', { roles: list.format(roles) }) : message;
    }
    case 'USER_INACTIVE':
      return t('why.inactive');
    case 'USER_ERASED':
      return t('why.erased');
    case 'NOT_FOUND':
      return t('why.gone');
    default:
      return message;
  }
}
