import type { UserAccessQuery } from '../../generated/graphql';

export type Access = NonNullable<NonNullable<UserAccessQuery['user']>['effectivePermissions']>;
type Granted = Access['granted'][number];
type Withheld = Access['withheld'][number];

/** A permission that roles grant to a user: with its scopes, or the reason why it has no effect. */
export interface Held {
  readonly id: string;
  readonly permission: Granted['permission'];
  readonly via: Granted['via'];
  readonly scopes: readonly string[];
  /** Null: it has effect. */
  readonly withheld: Withheld['reason'] | null;
}

/** A section, with what a user holds of it. */
export interface AccessSection {
  readonly key: string;
  readonly name: string;
  readonly held: readonly Held[];
}

/** Permissions by section, in the order of the catalogue; in a section, those without effect come last. */
export function sectionsOf({ granted, withheld }: Access): AccessSection[] {
  const all: Held[] = [
    ...granted.map((one) => ({ ...one, withheld: null })),
    ...withheld.map(({ reason, ...one }) => ({ ...one, scopes: [], withheld: reason })),
  ];
  const sections = new Map<string, { key: string; name: string; held: Held[] }>();
  for (const one of all) {
    const { key, name } = one.permission.section;
    const section = sections.get(key) ?? { key, name, held: [] };
    section.held.push(one);
    sections.set(key, section);
  }
  return [...sections.values()];
}

interface Filter {
  readonly q?: string;
  readonly only?: 'withheld';
}

/** Sections and permissions that a filter leaves. A text is looked for in all that a row says. */
export function filterAccess(sections: readonly AccessSection[], { q = '', only }: Filter): AccessSection[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (section: AccessSection, { permission, via, scopes, withheld }: Held): boolean => {
    if (only === 'withheld' && withheld === null) return false;
    const roles = via.map(({ role }) => role.name);
    const said = [permission.description, permission.key, section.name, ...roles, ...scopes];
    const text = said.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return sections
    .map((section) => ({ ...section, held: section.held.filter((one) => fits(section, one)) }))
    .filter(({ held }) => held.length > 0);
}

/** Keys of the sections that stand open at first: the first ones, as long as their rows are no more than so many. */
export function openAtFirst(sections: readonly AccessSection[], rows: number): string[] {
  let sum = 0;
  return sections
    .filter(({ held }) => {
      sum += held.length;
      return sum <= rows;
    })
    .map(({ key }) => key);
}
