/** Rights on streams as EventStoreDB keeps them, and how the setup of a server changes them. Pure. */

/** `$r` read, `$w` write, `$d` delete, `$mr` and `$mw` read and write the metadata. */
export type Acl = Readonly<Record<string, string | readonly string[]>>;
export type Json = Readonly<Record<string, unknown>>;

/** Everyone who signs in. */
const EVERYONE = '$all';
const ADMINISTRATORS = '$admins';

/** Users of the log: one writes, some read. */
export interface Parties {
  readonly service: string;
  /** A group; its members may read. */
  readonly readers: string;
}

/** `$$$all`: readers of the whole log. Administrators alone, unless it says otherwise. */
export function withReadersOfAll(present: Json, { service, readers }: Parties): Json {
  const acl = (present['$acl'] ?? {}) as Acl;
  return { ...present, $acl: { ...acl, $r: grant(acl['$r'] ?? ADMINISTRATORS, [service, readers]) } };
}

/**
 * `$settings`: defaults for streams without metadata of their own. Everyone may do everything with them, unless it says
 * otherwise. Users already named stay; `closed` revokes from everyone all rights that are not granted to somebody.
 */
export function withDefaults(present: Json, { service, readers }: Parties, closed: boolean): Json {
  const acl = (present['$userStreamAcl'] ?? {}) as Acl;
  const right = (name: string, ...who: string[]): { [name: string]: readonly string[] } => {
    const now = list(acl[name] ?? EVERYONE);
    return { [name]: grant(closed && now.includes(EVERYONE) ? ADMINISTRATORS : now, who) };
  };
  const rights = {
    ...right('$r', service, readers),
    ...right('$w', service),
    ...right('$d'),
    ...right('$mr', service, readers),
    ...right('$mw'),
  };
  const changed = Object.entries(rights).some(([name, who]) => String(who) !== String(acl[name] ?? EVERYONE));
  return changed ? { ...present, $userStreamAcl: { ...acl, ...rights } } : present;
}

/** True if anyone may delete streams, or hide their events. */
export function isOpen(settings: Json): boolean {
  const acl = (settings['$userStreamAcl'] ?? {}) as Acl;
  return ['$d', '$mw'].some((name) => list(acl[name] ?? EVERYONE).includes(EVERYONE));
}

const list = (who: string | readonly string[]): readonly string[] => (typeof who === 'string' ? [who] : who);

function grant(to: string | readonly string[], who: readonly string[]): readonly string[] {
  const now = list(to);
  return now.includes(EVERYONE) ? now : [...new Set([...now, ...who])];
}
