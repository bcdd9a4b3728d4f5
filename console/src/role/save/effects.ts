import type { Change } from '../../draft/changes';
import { grantedKeys, type RoleDraft } from '../../draft/role-draft';
import { t } from '../../messages/i18n';
import type { FormSection } from '../sections';

/** Consequences of a save for people, as far as the form knows them. */
export interface Effects {
  readonly sentences: readonly string[];
  /** Permissions among those added that have no effect, and why. */
  readonly withheld: readonly string[];
}

interface Params {
  readonly draft: RoleDraft;
  readonly changes: readonly Change[];
  readonly sections: readonly FormSection[];
  readonly userCount: number;
}

/**
 * Says who gains and loses by a save. It is computed of the role alone: people may hold the same permission by another role,
 * and the sentences say so.
 */
export function effectsOf({ draft, changes, sections, userCount }: Params): Effects {
  const number = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  const kept = userCount - number('unassign');
  const permissions = grantedKeys(draft).length;
  const sentences: string[] = [];
  if (kept > 0 && number('grant') > 0)
    sentences.push(t('effect.gain', { people: kept, count: number('grant') }));
  if (kept > 0 && number('revoke') > 0)
    sentences.push(t('effect.lose', { people: kept, count: number('revoke') }));
  if (kept > 0 && number('scopes') > 0)
    sentences.push(t('effect.scopes', { people: kept, count: number('scopes') }));
  if (number('assign') > 0)
    sentences.push(t('effect.assign', { people: number('assign'), count: permissions }));
  if (number('unassign') > 0) sentences.push(t('effect.unassign', { people: number('unassign') }));
  if (sentences.length > 0 && userCount > 0) sentences.push(t('effect.elsewhere'));
  return { sentences, withheld: withheldOf(changes, sections) };
}

function withheldOf(changes: readonly Change[], sections: readonly FormSection[]): string[] {
  const granted = new Set(changes.map((change) => (change.kind === 'grant' ? change.permission : null)));
  return sections
    .flatMap(({ permissions }) => permissions)
    .filter(({ key, available }) => granted.has(key) && !available)
    .map(({ description, feature }) =>
      t('effect.withheld', { permission: description, feature: feature.name }),
    );
}
