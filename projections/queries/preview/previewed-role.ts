import { detailsOf, NO_DETAILS } from '../../../src/domain/role/details';
import type { RoleEvent } from '../../../src/domain/role/events';
import { evolveRole, NEW_ROLE, type RoleState } from '../../../src/domain/role/state';
import type { RoleNumber } from '../../numbers';
import type { UnrecordedChange } from '../../preview-rows';
import { compareText } from '../../tables/sqlite/collation';
import type { Grant, RoleRow } from '../../view';
import type { AsOfContext, RoleAt } from '../as-of-context';
import { roleRows } from '../role-list/rows';

/** A role as a change would leave it. */

/** Stands for a role that has no number: one that would be made, or a default role that nobody was ever in. */
const NO_NUMBER = -1 as RoleNumber;

const EDITS: ReadonlySet<string> = new Set<RoleEvent['type']>([
  'RoleRenamed',
  'RoleDescriptionChanged',
  'PermissionGranted',
  'PermissionScopesChanged',
  'PermissionRevoked',
]);
const REGRANTS: ReadonlySet<string> = new Set<RoleEvent['type']>([
  'PermissionGranted',
  'PermissionScopesChanged',
  'PermissionRevoked',
  'RoleDeleted',
]);

export class PreviewedRole {
  /** The role as it is; null where it would be made. */
  readonly before: RoleAt | null;
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
  readonly #before: RoleRow | null;
  readonly #state: RoleState;

  constructor(
    private readonly reading: AsOfContext,
    private readonly change: UnrecordedChange,
  ) {
    const { role, events } = change;
    this.before = reading.role(role) ?? null;
    this.#before = roleRows(reading, [role]).get(role) ?? null;
    this.#state = events.reduce(evolveRole, this.#stateBefore());
    this.joining = events.flatMap((event) => (event.type === 'UserAssigned' ? [event.data.user] : []));
    this.leaving = events.flatMap((event) => (event.type === 'UserUnassigned' ? [event.data.user] : []));
  }

  /** The state without its members, who may be everybody. */
  #stateBefore(): RoleState {
    const row = this.#before;
    if (!row || !this.before) return NEW_ROLE;
    const grants = this.reading.grants([this.before]).get(row.id) ?? [];
    const { version } = this.reading.roleCounts([this.before])(this.before);
    return {
      ...NEW_ROLE,
      ...(row.kind === 'CUSTOM' ? detailsOf(row) : NO_DETAILS),
      created: row.kind === 'CUSTOM',
      deleted: row.deletedAt !== null,
      grants: NEW_ROLE.grants.withMutations((all) => {
        for (const { permission, scopes } of grants) all.set(permission, scopes);
      }),
      version,
    };
  }

  get n(): RoleNumber {
    return this.before?.n ?? NO_NUMBER;
  }

  get isEdited(): boolean {
    return this.#isMade || this.change.events.some(({ type }) => EDITS.has(type));
  }

  get #isMade(): boolean {
    return this.#before === null && this.#state.created;
  }

  /** True if the role may give something else than before to those who stay in it. */
  get isRegranting(): boolean {
    return this.change.events.some(({ type }) => REGRANTS.has(type));
  }

  /** Grants in the order of the catalogue; none where it would be deleted. */
  grants(): readonly Grant[] {
    const { catalogue } = this.reading.snapshot;
    return [...this.#state.grants]
      .map(([permission, scopes]) => ({ permission, scopes }))
      .sort(
        (a, b) =>
          catalogue.orderOf(a.permission) - catalogue.orderOf(b.permission) ||
          compareText(a.permission, b.permission),
      );
  }

  row(): RoleRow | null {
    const { name, description, deleted, grants, version } = this.#state;
    if (deleted || (this.#before === null && !this.#isMade)) return null;
    const row = this.#before ?? { ...MADE, id: this.change.role, name };
    const userCount = row.userCount + this.joining.length - this.leaving.length;
    if (row.kind === 'DEFAULT') return { ...row, userCount, version };
    const scopes = new Set([...grants.values()].flat());
    return {
      ...row,
      name,
      description,
      userCount,
      permissionCount: grants.size,
      scopeCount: scopes.size,
      version,
    };
  }
}

/** A role that would be made. Its time and its maker are not recorded. */
const MADE: Omit<RoleRow, 'id' | 'name'> = {
  kind: 'CUSTOM',
  description: null,
  group: null,
  userCount: 0,
  permissionCount: 0,
  scopeCount: 0,
  version: 0,
  createdAt: null,
  createdBy: null,
  updatedAt: null,
  updatedBy: null,
  deletedAt: null,
};
