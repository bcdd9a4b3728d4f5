import { placeIn, typedIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';

export const ROLE_TABS = ['permissions', 'users', 'history'] as const;
export type RoleTab = (typeof ROLE_TABS)[number];

/** State of a role's page that the address holds: the tab, and what is filtered in it. */
export interface RoleSearch extends Partial<Place> {
  readonly tab?: RoleTab;
  readonly q?: string;
  readonly only?: 'selected' | 'changed';
}

/** State of the page that an address asks for; what it does not know is left out. */
export function roleSearch(raw: Record<string, unknown>): RoleSearch {
  return {
    tab: ROLE_TABS.find((tab) => tab === raw.tab),
    q: typedIn(raw.q),
    only: raw.only === 'selected' || raw.only === 'changed' ? raw.only : undefined,
    ...placeIn(raw),
  };
}

/** Place in the list of a tab. */
export const placeOf = ({ page = 1, after, before }: RoleSearch): Place => ({ page, after, before });

/** The same tab, at another place. */
export const turned = (search: RoleSearch, { page, after, before }: Place): RoleSearch => ({
  ...search,
  page: page > 1 ? page : undefined,
  after,
  before,
});
