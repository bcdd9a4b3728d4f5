import type { Ordinal } from '../../numbers';
import type { RoleCount } from '../../tables/counts';
import type { RoleListRow } from '../../tables/rows';
import type { RoleOrder } from '../../view';
import { decodeCursor, encodeCursor } from '../cursor';
import { compareRanked, type Ranked, type ValueOrder } from '../value-run';

/** Orders of the list of roles, and the places of roles in them. */

/**
 * A place among roles. Default roles have negative numbers, so that they come first among roles of one name; in an order by
 * name no role has a value.
 */
export interface Place extends Ranked {
  /** 0: default roles where these come first; else 1. */
  readonly segment: number;
}

/** Values that a role may be ordered by. */
export interface Counted extends Pick<RoleCount, 'users' | 'permissions' | 'scopes'> {
  readonly changed: Ordinal;
}

const COLUMNS = {
  USER_COUNT: 'users',
  PERMISSION_COUNT: 'permissions',
  SCOPE_COUNT: 'scopes',
  UPDATED_AT: 'changed',
} as const satisfies Partial<Record<RoleOrder['field'], keyof RoleListRow & keyof Counted>>;

/** The column of the list of now that has the value of an order; null: an order by name. */
export const columnOf = (order: RoleOrder | null): keyof Counted | null =>
  order === null || order.field === 'NAME' ? null : COLUMNS[order.field];

/** The value of a role in an order; null for none: a default role that never changed. */
export function valueOf(order: RoleOrder | null, counted: Counted): number | null {
  const column = columnOf(order);
  const value = column && counted[column];
  return column === 'changed' && value === 0 ? null : value;
}

/** The order along a walk. */
export function alongRoles(order: RoleOrder | null, backward: boolean): ValueOrder {
  const end = backward ? -1 : 1;
  const value = (order?.direction === 'DESC') === backward ? 1 : -1;
  return { value, key: order?.field === 'NAME' ? value : end, end };
}

export const comparePlaces = (along: ValueOrder): ((a: Place, b: Place) => number) => {
  const compare = compareRanked(along);
  return (a, b) => (a.segment - b.segment) * along.end || compare(a, b);
};

type Values = readonly [segment: number, value: number | null, key: string, n: number];

const listOf = (order: RoleOrder | null): string => `roles:${order?.field ?? ''}:${order?.direction ?? ''}`;

export const cursorOf = (order: RoleOrder | null, { segment, value, key, n }: Place): string =>
  encodeCursor(listOf(order), [segment, value, key, n]);

/** @throws InvalidCursorError */
export function placeIn(order: RoleOrder | null, cursor: string): Place {
  const values = decodeCursor<Values>(listOf(order), cursor, ['number', 'number?', 'string', 'number'])!;
  const [segment, value, key, n] = values;
  return { segment, value, key, n };
}
