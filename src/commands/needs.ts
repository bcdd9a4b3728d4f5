import { isMembershipsChange, MEMBERSHIP_FIELDS } from './batch/memberships';
import { ASSIGN_USERS, type FieldRight } from './field-rights';
import { definitionOf } from './registry';

/** Needs of a change, read off the tables that it is decided by. */
export interface ChangeNeeds {
  /** Lists of rights: of each, one is needed whatever is given. */
  readonly always: readonly (readonly string[])[];
  /** The right of each field, by its name. */
  readonly fields: Readonly<Record<string, FieldRight>>;
}

/** Needs of a command, or of a change of many memberships; null for an unknown type. */
export function needsOfChange(type: string): ChangeNeeds | null {
  if (isMembershipsChange(type))
    return {
      always: [[ASSIGN_USERS.right]],
      // It is asked for whatever the lists hold.
      fields: Object.fromEntries(
        MEMBERSHIP_FIELDS.map((field) => [field, { ...ASSIGN_USERS, when: 'given' }]),
      ),
    };
  const definition = definitionOf(type);
  if (!definition) return null;
  const { input, rights } = definition;
  const isAlways = (field: string): boolean =>
    (input.required ?? []).includes(field) && rights[field]!.when !== 'alone';
  const names = Object.keys(rights);
  const always = names.filter(isAlways);
  const rightsOf = (fields: readonly string[]): string[] => [
    ...new Set(fields.map((field) => rights[field]!.right)),
  ];
  return {
    always: always.length > 0 ? rightsOf(always).map((right) => [right]) : [rightsOf(names)],
    fields: Object.fromEntries(
      names.map((name) => [
        name,
        isAlways(name) ? { right: rights[name]!.right, when: 'given' } : rights[name]!,
      ]),
    ),
  };
}
