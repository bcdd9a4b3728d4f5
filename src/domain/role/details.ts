import type { Catalogue, DefaultRole } from '../catalogue/catalogue';
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
import { refusal, type PartialDecision, type Refusal } from '../refusal';
import type { RoleContext } from './context';
import type { RoleEvent } from './events';

/** Rules of a custom role’s name and description. Uniqueness among custom roles is decided by claims, not here. */

/**
 * The details of a role: the fields of its form besides grants and users. Every field has its rules below, is part of
 * the state and of every copy, and can be given by the commands that create and update a role: a missing case does not
 * compile.
 */
export interface RoleDetails {
  readonly name: string;
  readonly description: string | null;
}

/** Details as a command gives them: `undefined` leaves a field as it is, `null` clears it. A name cannot be cleared. */
export type DetailsChange = {
  readonly [Field in keyof RoleDetails]: RoleDetails[Field] | null | undefined;
};

/** Details before the role is created. */
export const NO_DETAILS: RoleDetails = { name: '', description: null };

/** The details of a state or an event, without its other fields. */
export const detailsOf = ({ name, description }: RoleDetails): RoleDetails => ({ name, description });

export const NAME_LIMIT = 100;
export const DESCRIPTION_LIMIT = 1_000;

/** Faults of a name, also against the names of the present default roles. */
export function nameRefusals(name: string | null, catalogue: Catalogue): Refusal[] {
  const subject = ['name'] as const;
  const trimmed = name?.trim() ?? '';
  if (isLonger(trimmed, NAME_LIMIT)) return [refusal('NAME_TOO_LONG', { subject })];
  if (!isVisible(trimmed)) return [refusal('NAME_REQUIRED', { subject })];
  const message = nameFault(trimmed);
  if (message !== null) return [refusal('INVALID_INPUT', { message, subject })];
  const taken = catalogue.content.defaultRoles.find((role) => !role.retired && sameName(role.name, trimmed));
  return taken ? [refusal('NAME_TAKEN', { subject, idsOf: 'role', ids: [taken.key] })] : [];
}

/** Faults of a description. */
export function descriptionRefusals(description: string | null): Refusal[] {
  const text = normalDescription(description) ?? '';
  const subject = ['description'] as const;
  if (isLonger(text, DESCRIPTION_LIMIT)) return [refusal('DESCRIPTION_TOO_LONG', { subject })];
  const message = plainTextFault(text, { multiline: true });
  return message === null ? [] : [refusal('INVALID_INPUT', { message, subject })];
}

/** A description as it is recorded: trimmed, an empty one is none. */
export function normalDescription(description: string | null | undefined): string | null {
  const trimmed = description?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** The details of a default role, from the catalogue. */
export const defaultDetails = ({ name, description }: DefaultRole): RoleDetails => ({ name, description });

/** The rules of one field. */
interface DetailRules<Value> {
  /** A value as it is recorded. */
  readonly recorded: (given: Value | null | undefined) => Value;
  /** Sending a custom role its present value is no change. */
  readonly isHeld: (given: Value | null, held: Value) => boolean;
  /** Sending a default role the catalogue's value is no change; anything else is refused. */
  readonly isDefault: (given: Value | null, held: Value) => boolean;
  readonly refusals: (given: Value | null, catalogue: Catalogue) => Refusal[];
  readonly changed: (role: string, from: Value, to: Value) => RoleEvent;
}

/** The rules of each field, in the order in which changes are recorded. */
const RULES: { readonly [Field in keyof RoleDetails]: DetailRules<RoleDetails[Field]> } = {
  name: {
    recorded: (given) => tidyName(given ?? ''),
    // A name that predates a rule can be sent back as it is: saving a form changes only the fields that were edited.
    isHeld: (given, held) => (given?.trim() ?? '') === held || tidyName(given ?? '') === held,
    isDefault: (given, held) => given?.trim() === held,
    refusals: (given, catalogue) => nameRefusals(given, catalogue),
    changed: (role, from, to) => ({ type: 'RoleRenamed', data: { role, from, to } }),
  },
  description: {
    recorded: normalDescription,
    isHeld: (given, held) => normalDescription(given) === held,
    isDefault: (given, held) => normalDescription(given) === normalDescription(held),
    refusals: (given) => descriptionRefusals(given),
    changed: (role, from, to) => ({ type: 'RoleDescriptionChanged', data: { role, from, to } }),
  },
};

type DetailField = keyof RoleDetails;
const FIELDS = Object.keys(RULES) as readonly DetailField[];

/** The details of a new role as they are recorded. */
export const recordedDetails = (given: Partial<DetailsChange>): RoleDetails => ({
  name: RULES.name.recorded(given.name),
  description: RULES.description.recorded(given.description),
});

/** Refusals of the details of a new role. */
export const detailRefusals = (given: Partial<DetailsChange>, catalogue: Catalogue): Refusal[] =>
  FIELDS.flatMap((field) => refusalsOf(field, given, catalogue));

function refusalsOf<Field extends DetailField>(
  field: Field,
  given: Partial<DetailsChange>,
  catalogue: Catalogue,
): Refusal[] {
  const rules: (typeof RULES)[Field] = RULES[field];
  return rules.refusals(given[field] ?? null, catalogue);
}

/** Fields in which a change of a default role differs from the catalogue. */
export const fieldsApart = (given: Partial<DetailsChange>, defaultRole: DefaultRole): DetailField[] =>
  FIELDS.filter((field) => !isAsDefault(field, given, defaultDetails(defaultRole)));

function isAsDefault<Field extends DetailField>(
  field: Field,
  given: Partial<DetailsChange>,
  details: RoleDetails,
): boolean {
  const rules: (typeof RULES)[Field] = RULES[field];
  const value = given[field];
  return value === undefined || rules.isDefault(value, details[field]);
}

/** Events and refusals of a change of a custom role's details. */
export function decideDetails(
  given: Partial<DetailsChange>,
  held: RoleDetails,
  context: Pick<RoleContext, 'role' | 'catalogue'>,
): PartialDecision<RoleEvent> {
  const decided = FIELDS.map((field) => decideDetail(field, given, held, context));
  return {
    events: decided.flatMap(({ events }) => events),
    refusals: decided.flatMap(({ refusals }) => refusals),
  };
}

function decideDetail<Field extends DetailField>(
  field: Field,
  given: Partial<DetailsChange>,
  held: RoleDetails,
  { role, catalogue }: Pick<RoleContext, 'role' | 'catalogue'>,
): PartialDecision<RoleEvent> {
  const rules: (typeof RULES)[Field] = RULES[field];
  const value = given[field];
  if (value === undefined || rules.isHeld(value, held[field])) return { events: [], refusals: [] };
  return {
    events: [rules.changed(role, held[field], rules.recorded(value))],
    refusals: rules.refusals(value, catalogue),
  };
}

/**
 * Name of the nth copy: "Copy of X", "Copy of X (2)", ...; X is shortened so that the whole fits, and characters that
 * names may not have any more are left out.
 * @param n from 1
 */
export function copyName(original: string, n: number): string {
  const suffix = n === 1 ? '' : ` (${n})`;
  const room = NAME_LIMIT - characters('Copy of ') - suffix.length;
  const shortened = tidyName(beginning(asName(original), room));
  return tidyName(`Copy of ${shortened}${suffix}`);
}
