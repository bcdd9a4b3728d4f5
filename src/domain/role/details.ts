import type { Catalogue } from '../catalogue/catalogue';
import {
  asName,
  beginning,
  characters,
  isLonger,
  isVisible,
  nameFault,
  plainTextFault,
  sameName,
  tidyName,
} from '../text';
import { refusal, type Refusal } from '../refusal';

/** Rules of a custom role’s name and description. Uniqueness among custom roles is decided by claims, not here. */

export const NAME_LIMIT = 100;
export const DESCRIPTION_LIMIT = 1_000;

/** Faults of a name, also against the names of the present default roles. */
export function nameRefusals(name: string | null, catalogue: Catalogue, field = ['name']): Refusal[] {
  const trimmed = name?.trim() ?? '';
  if (isLonger(trimmed, NAME_LIMIT)) return [refusal('NAME_TOO_LONG', { field })];
  if (!isVisible(trimmed)) return [refusal('NAME_REQUIRED', { field })];
  const message = nameFault(trimmed);
  if (message !== null) return [refusal('INVALID_INPUT', { message, field })];
  const taken = catalogue.content.defaultRoles.find((role) => !role.retired && sameName(role.name, trimmed));
  return taken ? [refusal('NAME_TAKEN', { field, idsOf: 'role', ids: [taken.key] })] : [];
}

/** Faults of a description. */
export function descriptionRefusals(description: string | null): Refusal[] {
  const text = normalDescription(description) ?? '';
  const field = ['description'];
  if (isLonger(text, DESCRIPTION_LIMIT)) return [refusal('DESCRIPTION_TOO_LONG', { field })];
  const message = plainTextFault(text, { multiline: true });
  return message === null ? [] : [refusal('INVALID_INPUT', { message, field })];
}

/** A description as it is recorded: trimmed, an empty one is none. */
export function normalDescription(description: string | null | undefined): string | null {
  const trimmed = description?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/**
 * Name of the nth copy: "Copy of X", "Copy of X (2)", ...; X is shortened so that the whole fits, and what no name may have
 * any more is left out of it.
 * @param n from 1
 */
export function copyName(original: string, n: number): string {
  const suffix = n === 1 ? '' : ` (${n})`;
  const room = NAME_LIMIT - characters('Copy of ') - suffix.length;
  const shortened = tidyName(beginning(asName(original), room));
  return tidyName(`Copy of ${shortened}${suffix}`);
}
