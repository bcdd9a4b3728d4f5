import { count } from '../format/numbers';
import type { RoleAtMomentFragment } from '../generated/graphql';
import { t, type MessageKey } from '../messages/i18n';
import type { Figure } from './Beside';

type AtMoment = RoleAtMomentFragment | null;

const COUNTS = [
  ['roles.column.permissions', 'permissionCount'],
  ['roles.column.scopes', 'scopeCount'],
  ['roles.column.users', 'userCount'],
] as const satisfies readonly (readonly [MessageKey, keyof RoleAtMomentFragment])[];

/** True if the role is there: not deleted, and created. */
export const isThere = (role: AtMoment): role is RoleAtMomentFragment =>
  role !== null && role.deletedAt === null;

/** Key figures of two roles, or of one at two moments. */
export const roleFigures = (base: AtMoment, target: AtMoment): Figure[] =>
  COUNTS.map(([label, field]) => {
    const [left, right] = [base, target].map((role) =>
      isThere(role) ? count(role[field]) : t('compare.notThere'),
    );
    return { label: t(label), left, right, isSame: left === right };
  });
