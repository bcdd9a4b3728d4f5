import type { TObject } from '@sinclair/typebox';

/** Rights that a user needs for a command: permissions that Rolebook's own roles grant. */
type Right =
  'roles/manage' | 'roles/assign' | 'users/manage' | 'users/erase' | 'accounts/manage' | typeof OPERATOR_ONLY;

/** No permission: no user has it. */
const OPERATOR_ONLY = 'operator';

/** The right that a field needs, and its condition. */
export interface FieldRight {
  readonly right: Right;
  /**
   * - `given`: the field requests a change wherever it is given, an empty list and `null` included.
   * - `named`: it requests a change if it names somebody; a form that sends empty lists of users changes no membership.
   * - `alone`: it names the target, and needs the right if no other field is given.
   */
  readonly when: 'given' | 'named' | 'alone';
}

export const MANAGE_ROLES: FieldRight = { right: 'roles/manage', when: 'given' };
export const ASSIGN_USERS: FieldRight = { right: 'roles/assign', when: 'named' };
export const MANAGE_USERS: FieldRight = { right: 'users/manage', when: 'given' };
export const ERASE_USERS: FieldRight = { right: 'users/erase', when: 'given' };
export const MANAGE_ACCOUNT: FieldRight = { right: 'accounts/manage', when: 'given' };
export const OPERATOR: FieldRight = { right: OPERATOR_ONLY, when: 'given' };

/** The target of a command whose other fields need different rights. */
export const targetNeeding = (right: Right): FieldRight => ({ right, when: 'alone' });

/** A right for every field of an input: an input with a field that has none does not compile. */
export type FieldRights<Input> = { readonly [Field in keyof Input]-?: FieldRight };

/**
 * The rights that the given fields need, all of them, in the order of the table. A required field counts as given, so
 * that malformed input needs no less. Fields that change nothing count only if no other does.
 */
export function rightsNeeded(
  schema: TObject,
  rights: FieldRights<Record<string, unknown>>,
  input: Readonly<Record<string, unknown>>,
): string[] {
  const required = new Set(schema.required);
  const fields = Object.entries(rights).map(([field, { right, when }]) => ({
    right,
    when,
    isGiven: required.has(field) || (when === 'given' ? input[field] !== undefined : input[field] != null),
    isChange: required.has(field) || when === 'given' || namesSomebody(input[field]),
  }));
  const given = fields.filter(({ when, isGiven }) => isGiven && when !== 'alone');
  const changing = given.filter(({ isChange }) => isChange);
  const targets = fields.filter(({ when }) => when === 'alone');
  const counted = [changing, given, targets].find(({ length }) => length > 0) ?? [];
  return [...new Set(counted.map(({ right }) => right))];
}

const namesSomebody = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
