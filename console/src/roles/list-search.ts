import type { RoleOrderInput } from '../generated/graphql';
import { placeIn, textIn, typedIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';

export const TABS = ['default', 'custom'] as const;
export type RolesTab = (typeof TABS)[number];

/** Columns by which the list may be ordered, as the address names them. */
export const ORDERS = {
  name: 'NAME',
  users: 'USER_COUNT',
  permissions: 'PERMISSION_COUNT',
  scopes: 'SCOPE_COUNT',
  changed: 'UPDATED_AT',
} as const satisfies Record<string, RoleOrderInput['field']>;
export type OrderBy = keyof typeof ORDERS;

/** State of the list of roles that the address holds: the tab, the filter, the order, the page. */
export interface ListSearch extends Partial<Place> {
  readonly tab?: RolesTab;
  readonly q?: string;
  readonly by?: OrderBy;
  readonly desc?: true;
}

/** State of the list that an address asks for; what it does not know is left out. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const by = textIn(raw.by);
  return {
    tab: TABS.find((tab) => tab === raw.tab),
    q: typedIn(raw.q),
    by: by !== undefined && by in ORDERS ? (by as OrderBy) : undefined,
    desc: raw.desc === true ? true : undefined,
    ...placeIn(raw),
  };
}

/** Order that the API is asked for; none: the catalogue's, or by name. */
export const orderOf = ({ by, desc }: ListSearch): RoleOrderInput | undefined =>
  by && { field: ORDERS[by], direction: desc ? 'DESC' : 'ASC' };
