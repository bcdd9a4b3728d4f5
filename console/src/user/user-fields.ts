import type { RefusalFragment } from '../generated/graphql';

const FIELDS = ['name', 'username'] as const;

/** Message of the refusal of a field of a user’s form; null: none. */
export const userFieldRefusal = (
  refusals: readonly RefusalFragment[],
  field: (typeof FIELDS)[number],
): string | null => refusals.find((refusal) => refusal.field?.[0] === field)?.message ?? null;

/** Refusals that belong to no field of the form. */
export const otherUserRefusals = (refusals: readonly RefusalFragment[]): RefusalFragment[] =>
  refusals.filter(({ field }) => !FIELDS.some((own) => own === field?.[0]));
