import { MAX_PAGE, DEFAULT_PAGE } from '../connection';

/**
 * What fields cost besides what is selected in them: one is about what a field of the answer takes, or a row that is
 * looked at, some 2 µs. A field that is not named here costs as much as its kind (see `workOf`); one that pages or
 * searches has to be named.
 */
export interface Declared {
  readonly work: number;
  /** Of a connection: what its `totalCount` costs. */
  readonly count?: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

const SEARCH = 1_000;
/** What has to look at everyone who fits, or at everything that happened. */
const COUNT = 1_000;

/** A search is for a text, and an empty one is none. */
const searches = ({ search }: Arguments): boolean => typeof search === 'string' && search.trim() !== '';
const given = (value: unknown): boolean => value !== null && value !== undefined;

const DECLARED: Readonly<Record<string, (given: Arguments) => Declared>> = {
  'Query.roles': (args) => (searches(args) ? { work: SEARCH, count: SEARCH } : { work: 20, count: 10 }),
  'Query.users': (args) => {
    const { status, notInRole } = args;
    if (searches(args)) return { work: SEARCH + (given(status) || given(notInRole) ? 500 : 0), count: COUNT };
    if (given(notInRole)) return { work: 500, count: given(status) ? COUNT : 20 };
    return { work: 50, count: 20 };
  },
  'Query.usersWithPermission': () => ({ work: 500, count: COUNT }),
  'Query.history': () => ({ work: 50, count: COUNT }),
  'Role.users': (args) => (searches(args) ? { work: SEARCH, count: COUNT } : { work: 20, count: 20 }),
  'Role.history': () => ({ work: 20, count: 400 }),
  'Role.sections': () => ({ work: 20 }),
  'User.roles': () => ({ work: 10 }),
  'User.effectivePermissions': () => ({ work: 400 }),
  'HistoryEntry.summary': () => ({ work: 10 }),
  'Query.checkPermissions': ({ checks }) => ({ work: 10 * (Array.isArray(checks) ? checks.length : 1) }),
};

/** Whether what a field costs is said here. */
export const isDeclared = (field: string): boolean => Object.hasOwn(DECLARED, field);

const MUTATION = 200;
/** Of a field that takes arguments and is not named: it asks for something. */
const ASKING = 20;
/** Another moment than that of what is around it has to be looked up. */
const AS_OF = 20;

/** What a field costs. `field`: its type and name. */
export function workOf(field: string, args: Arguments): Declared {
  const asOf = given(args['asOf']) ? AS_OF : 0;
  const declared = DECLARED[field]?.(args);
  if (declared) return { ...declared, work: declared.work + asOf };
  if (field.startsWith('Mutation.')) return { work: MUTATION };
  return { work: Object.keys(args).length > 0 ? ASKING + asOf : 0, count: COUNT };
}

/** How many items lists usually have; others that are not pages count as three. The second account knows better. */
const SIZES: Readonly<Record<string, number>> = {
  'Role.sections': 14,
  'RoleSection.permissions': 10,
  'PermissionCatalogue.sections': 14,
  'CatalogueSection.permissions': 10,
  'PermissionCatalogue.features': 40,
  'Account.features': 40,
  'User.roles': 5,
  'EffectivePermissions.granted': 60,
  'EffectivePermissions.withheld': 20,
  'EffectivePermissions.features': 20,
  // Of the schema itself, over types of all kinds.
  '__Schema.types': 100,
  '__Schema.directives': 6,
  '__Type.fields': 5,
  '__Type.inputFields': 2,
  '__Type.enumValues': 2,
  '__Type.interfaces': 0.5,
  '__Type.possibleTypes': 0.5,
  '__Field.args': 1,
  '__Directive.args': 1,
};
const USUAL_SIZE = 3;

/** How many items a list of a field has, before it is read. */
export const sizeOf = (field: string, { checks }: Arguments): number =>
  field === 'Query.checkPermissions' && Array.isArray(checks) ? checks.length : (SIZES[field] ?? USUAL_SIZE);

/** How many edges a connection is asked for. Beyond the largest page the resolver refuses. */
export const pageOf = ({ first }: Arguments): number =>
  typeof first === 'number' ? Math.max(1, Math.min(first, MAX_PAGE)) : DEFAULT_PAGE;
