import type { Change } from '../../draft/changes';
import { t, type MessageKey } from '../../messages/i18n';

const PARTS: readonly (readonly [Change['kind'], MessageKey])[] = [
  ['name', 'summary.name'],
  ['description', 'summary.description'],
  ['grant', 'summary.grant'],
  ['revoke', 'summary.revoke'],
  ['scopes', 'summary.scopes'],
  ['assign', 'summary.assign'],
  ['unassign', 'summary.unassign'],
];

/** Changes by their kinds, in a line. */
export function summaryOf(changes: readonly Change[]): string {
  return PARTS.map(([kind, key]) => ({ key, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ key, count }) => t(key, { count }))
    .join(', ');
}
