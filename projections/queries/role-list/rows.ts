import { BEFORE_FIRST, type Ordinal } from '../../numbers';
import type { RoleCount } from '../../tables/counts';
import { recorded, type Recorded } from '../../tables/history';
import type { RoleRow } from '../../view';
import type { AsOfContext, RoleAt } from '../as-of-context';

/** Roles as screens show them. */

/** Roles by id, deleted ones included. */
export function roleRows(reading: AsOfContext, ids: readonly string[]): ReadonlyMap<string, RoleRow> {
  const roles = reading.roles(ids);
  const countOf = reading.roleCounts(roles.values());
  const ordinals = [...roles.values()].flatMap((role) =>
    [role.created, lastChange(reading, role, countOf(role)), role.ended].filter(
      (ordinal) => ordinal !== null,
    ),
  );
  const events = recorded(reading.sql, ordinals);
  return new Map([...roles].map(([id, role]) => [id, roleRow(reading, role, countOf(role), events)]));
}

/** Ordinal of a role’s last change: of a default role in the account, or by a publication. */
export function lastChange(
  { snapshot }: AsOfContext,
  { id, fact }: RoleAt,
  { n }: Readonly<RoleCount>,
): Ordinal {
  const published = fact ? BEFORE_FIRST : snapshot.changedAt(id);
  return published > n ? published : n;
}

/** Written out: spreading one object into another of so many fields would cost more than reading the row. */
function roleRow(
  reading: AsOfContext,
  role: RoleAt,
  count: Readonly<RoleCount>,
  events: ReadonlyMap<Ordinal, Recorded>,
): RoleRow {
  const { snapshot } = reading;
  const { id, fact, created, ended } = role;
  const entry = fact ? null : snapshot.catalogue.defaultRole.get(id)!;
  const granted = entry ? snapshot.countsOf(entry) : count;
  const stored = (fact ?? entry)!;
  const creation = changeAt(events, created);
  const change = changeAt(events, lastChange(reading, role, count));
  return {
    id,
    kind: fact ? 'CUSTOM' : 'DEFAULT',
    name: stored.name,
    description: stored.description,
    group: entry?.group ?? null,
    userCount: ended === null ? count.users : 0,
    permissionCount: granted.permissions,
    scopeCount: granted.scopes,
    version: count.version,
    createdAt: creation.at,
    createdBy: creation.by,
    updatedAt: change.at,
    updatedBy: change.by,
    deletedAt: changeAt(events, ended).at,
  };
}

const NEVER = { at: null, by: null } as const;
const changeAt = (
  events: ReadonlyMap<Ordinal, Recorded>,
  ordinal: Ordinal | null,
): Recorded | typeof NEVER => (ordinal === null ? NEVER : (events.get(ordinal) ?? NEVER));
