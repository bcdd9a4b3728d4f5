import type { Merge } from '../../draft/merge';
import { t } from '../../messages/i18n';
import type { FormSection } from '../sections';

const namer = (sections: readonly FormSection[]): ((key: string) => string) => {
  const names = new Map(
    sections.flatMap(({ permissions }) => permissions.map((one) => [one.key, one.description])),
  );
  return (key) => names.get(key) ?? key;
};

/** Changes of somebody else, as sentences. Their changes of users are in the list of users, and in the history. */
export function theirSentences({ theirs }: Merge, sections: readonly FormSection[]): string[] {
  const nameOf = namer(sections);
  const sentences = [
    ...(theirs.name === undefined ? [] : [t('conflict.renamed', { name: theirs.name })]),
    ...(theirs.description === undefined ? [] : [t('conflict.described', { text: theirs.description })]),
    ...theirs.granted.map((key) => t('conflict.granted', { permission: nameOf(key) })),
    ...theirs.revoked.map((key) => t('conflict.revoked', { permission: nameOf(key) })),
    ...theirs.narrowed.map((key) => t('conflict.narrowed', { permission: nameOf(key) })),
  ];
  return sentences.length > 0 ? sentences : [t('conflict.usersOnly')];
}

/** Fields that both changed, with whose change the save would overwrite. */
export function overlapSentences({ overlaps }: Merge, sections: readonly FormSection[]): string[] {
  const nameOf = namer(sections);
  return overlaps.map(({ field, permission, theirs, yours }) =>
    field === 'scopes'
      ? t('conflict.overlapScopes', { permission: nameOf(permission ?? '') })
      : t('conflict.overlap', { field: t(`change.field.${field}`), theirs, yours }),
  );
}
