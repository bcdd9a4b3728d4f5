import type { RefusalFragment } from '../generated/graphql';
import { t } from '../messages/i18n';
import { addressOf } from '../roles/role-address';

const list = new Intl.ListFormat('en');

/** Names of roles by their ids. */
export type RoleNames = ReadonlyMap<string, string>;

/** Words for a refusal of a change of somebody’s roles: the reason, and what to do about it. */
export function refusalWords(
  { code, message, permissions }: Pick<RefusalFragment, 'code' | 'message' | 'permissions'>,
  names: RoleNames,
): string {
  switch (code) {
    case 'ESCALATION':
      return t('why.escalation', { permissions: list.format(permissions) });
    case 'LAST_ADMIN':
      return t('why.lastAdmin');
    case 'ROLE_CONFLICT':
      return t('why.conflict', { why: withNames(message, names) });
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

/** The server’s words for a conflict, which name the other role by its key, with the names that are known. */
const withNames = (message: string, names: RoleNames): string =>
  [...names].reduce(
    (text, [id, name]) => text.replace(`in the role ${addressOf(id)}:`, () => `in the role “${name}”:`),
    message,
  );
