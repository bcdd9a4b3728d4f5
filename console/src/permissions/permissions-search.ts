/** State of the screen that the address holds: the search, and the permission that is open. */
export interface PermissionsSearch {
  readonly q?: string;
  readonly open?: string;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === '' ? undefined : String(value);

/** State of the screen that an address asks for. */
export const permissionsSearch = (raw: Record<string, unknown>): PermissionsSearch => ({
  q: text(raw.q),
  open: text(raw.open),
});
