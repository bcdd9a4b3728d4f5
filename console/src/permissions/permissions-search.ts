import { typedIn } from '../ui/address';

/** State of the screen that the address holds: the search, and the permission that is open. */
export interface PermissionsSearch {
  readonly q?: string;
  readonly open?: string;
}

/** State of the screen that an address asks for. */
export const permissionsSearch = (raw: Record<string, unknown>): PermissionsSearch => ({
  q: typedIn(raw.q),
  open: typedIn(raw.open),
});
