import { isDeepStrictEqual } from 'node:util';
import type { CatalogueContent, DefaultRole } from '../../domain/catalogue/catalogue';
import { contentOf } from '../../domain/catalogue/content';
import type { CatalogueFile } from '../../domain/catalogue/file';
import { catalogueKinds, grantKind, type EntryKind } from '../../domain/catalogue/entry-events';

/** One line of the changes of a publication, for people. */
export interface DiffRow {
  readonly mark: '+' | '~' | '-';
  readonly kind: string;
  readonly key: string;
  /** Text of the added or removed entry, or the fields that change. */
  readonly what: string;
}

type Entry = { readonly retired?: boolean; readonly name?: string; readonly description?: string };
const KINDS = catalogueKinds('');

/**
 * Changes that a publication of the file would make. Unlike in events, an entry that only moves down because another is
 * new does not count.
 */
export function diffSummary(current: CatalogueContent, file: CatalogueFile): DiffRow[] {
  const wanted = contentOf(file);
  return [
    ...versionRow(current.version, wanted.version),
    ...rowsOf('group', current.groups, wanted.groups, KINDS.group),
    ...rowsOf('feature', current.features, wanted.features, KINDS.feature),
    ...rowsOf('scope', current.scopes, wanted.scopes, {
      ...KINDS.scope,
      what: ({ description = '' }) => description,
    }),
    ...rowsOf('section', current.sections, wanted.sections, KINDS.section),
    ...rowsOf('permission', current.permissions, wanted.permissions, KINDS.permission),
    ...rowsOf('default role', current.defaultRoles, wanted.defaultRoles, KINDS.defaultRole),
    ...grantRows(current.defaultRoles, wanted.defaultRoles),
    ...rowsOf('conflict', current.conflicts, wanted.conflicts, {
      ...KINDS.conflict,
      what: ({ reason }) => reason,
    }),
    ...rowsOf('role template', current.roleTemplates, wanted.roleTemplates, KINDS.roleTemplate),
  ];
}

const versionRow = (from: number, to: number): DiffRow[] =>
  from === to ? [] : [{ mark: '~', kind: 'catalogue', key: 'version', what: `${from} -> ${to}` }];

function rowsOf<T>(
  kind: string,
  current: readonly T[],
  wanted: readonly T[],
  { id, defined, what = described }: EntryKind<T> & { readonly what?: (item: T) => string },
): DiffRow[] {
  const past = new Map(current.map((item) => [id(item), item]));
  const present = new Map([...past].filter(([, item]) => !(item as Entry).retired));
  const kept = new Set(wanted.map(id));
  const rows = wanted.flatMap((item): DiffRow[] => {
    const key = id(item);
    const before = present.get(key);
    if (!before)
      return [{ mark: '+', kind, key, what: past.has(key) ? `${what(item)} (returns)`.trim() : what(item) }];
    const changed = changedFields(defined(before, 0).data, defined(item, 0).data);
    return changed.length === 0 ? [] : [{ mark: '~', kind, key, what: changed.join(', ') }];
  });
  const gone = [...present].filter(([key]) => !kept.has(key));
  rows.push(...gone.map(([key, item]): DiffRow => ({ mark: '-', kind, key, what: what(item) })));
  const stayed = [...present.keys()].filter((key) => kept.has(key));
  const moved = !isDeepStrictEqual(
    stayed,
    [...kept].filter((key) => present.has(key)),
  );
  return moved ? [...rows, { mark: '~', kind, key: '*', what: 'order' }] : rows;
}

const described = (item: unknown): string => {
  const { name, description } = item as Entry;
  return name ?? description ?? '';
};

function changedFields(before: object, after: object): string[] {
  const [old, now] = [before, after].map((entry) => new Map<string, unknown>(Object.entries(entry)));
  return [...new Set([...now!.keys(), ...old!.keys()])].filter(
    (field) => !isDeepStrictEqual(old!.get(field), now!.get(field)),
  );
}

function grantRows(current: readonly DefaultRole[], wanted: readonly DefaultRole[]): DiffRow[] {
  const before = new Map(current.map((role) => [role.key, role.permissions]));
  const after = new Map(wanted.map((role) => [role.key, role.permissions]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((role) => {
    const kind = { ...grantKind('', role), what: () => '' };
    return rowsOf('grant', before.get(role) ?? [], after.get(role) ?? [], kind).map((row) => ({
      ...row,
      key: `${role}: ${row.key}`,
    }));
  });
}
