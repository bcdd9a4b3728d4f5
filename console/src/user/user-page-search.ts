import { placeIn, typedIn } from '../ui/address';
import type { Place } from '../ui/surfaces/place';

export const USER_TABS = ['roles', 'access', 'history'] as const;
export type UserTab = (typeof USER_TABS)[number];

/** State of a user’s page that the address holds: the tab, and what is filtered in it. */
export interface UserPageSearch extends Partial<Place> {
  readonly tab?: UserTab;
  readonly q?: string;
  readonly only?: 'withheld';
}

/** State of the page that an address asks for; what it does not know is left out. */
export function userPageSearch(raw: Record<string, unknown>): UserPageSearch {
  return {
    tab: USER_TABS.find((tab) => tab === raw.tab),
    q: typedIn(raw.q),
    only: raw.only === 'withheld' ? raw.only : undefined,
    ...placeIn(raw),
  };
}
