import type { RefusalFragment } from '../../generated/graphql';

/** Fields that the form shows errors at; the other refusals are shown together. */
const OWN_FIELDS = ['name', 'description'] as const;

/** Message of the refusal of a field; null: none. */
export const refusalOf = (
  refusals: readonly RefusalFragment[],
  field: (typeof OWN_FIELDS)[number],
): string | null => refusals.find((refusal) => refusal.field?.[0] === field)?.message ?? null;

/** Refusals that belong to no field of the form. */
export const otherRefusals = (refusals: readonly RefusalFragment[]): RefusalFragment[] =>
  refusals.filter(({ field }) => !OWN_FIELDS.some((own) => own === field?.[0]));

/** Focuses the first field that is refused, once its error stands below it. */
export function focusFirst(refusals: readonly RefusalFragment[]): void {
  const field = OWN_FIELDS.find((own) => refusals.some((refusal) => refusal.field?.[0] === own));
  if (field) setTimeout(() => document.querySelector<HTMLElement>(`[name=${field}]`)?.focus());
}
