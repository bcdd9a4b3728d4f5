import type { Catalogue } from '../catalogue/catalogue';
import { characters, isOneLine, isVisible, nameKey } from '../names';
import { refusal, type Refusal } from '../refusal';

/** Rules of a custom role’s name and description. Uniqueness among custom roles is decided by claims, not here. */

export const NAME_LIMIT = 100;
export const DESCRIPTION_LIMIT = 1_000;

/** What is wrong with a name, the names of the present default roles considered. */
export function nameRefusals(name: string | null, catalogue: Catalogue, field = ['name']): Refusal[] {
  const trimmed = name?.trim() ?? '';
  if (!isVisible(trimmed)) return [refusal('NAME_REQUIRED', { field })];
  if (characters(trimmed) > NAME_LIMIT) return [refusal('NAME_TOO_LONG', { field })];
  if (!isOneLine(trimmed))
    return [refusal('INVALID_INPUT', { message: 'A name is one line of text.', field })];
  const taken = catalogue.content.defaultRoles.find(
    (role) => !role.retired && nameKey(role.name) === nameKey(trimmed),
  );
  return taken ? [refusal('NAME_TAKEN', { field, idsOf: 'role', ids: [taken.key] })] : [];
}

/** What is wrong with a description. */
export function descriptionRefusals(description: string | null): Refusal[] {
  const tooLong = characters(normalDescription(description) ?? '') > DESCRIPTION_LIMIT;
  return tooLong ? [refusal('DESCRIPTION_TOO_LONG', { field: ['description'] })] : [];
}

/** A description as it is recorded: trimmed, an empty one is none. */
export function normalDescription(description: string | null | undefined): string | null {
  const trimmed = description?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/**
 * Name of the nth copy: "Copy of X", "Copy of X (2)", ...; X is shortened so that the whole fits.
 * @param n from 1
 */
export function copyName(original: string, n: number): string {
  const suffix = n === 1 ? '' : ` (${n})`;
  const room = NAME_LIMIT - characters('Copy of ') - suffix.length;
  return `Copy of ${[...original].slice(0, room).join('').trim()}${suffix}`;
}
