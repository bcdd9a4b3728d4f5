import {
  isSameDetail,
  PERMISSION_DETAILS,
  ROLE_DETAILS,
  type CatalogueChange,
  type DefaultRoleChange,
  type PermissionChange,
} from '../catalogue/changes';
import type { CatalogueEvent } from '../catalogue/events';
import {
  change,
  quoted,
  someOf,
  type Descriptions,
  type EventDescription,
  type PropertyChange,
} from './description';

/** A publication, and the version that it took the place of; null or missing where there was none. */
export interface ToldPublication {
  readonly type: 'CataloguePublished';
  readonly data: Extract<CatalogueEvent, { type: 'CataloguePublished' }>['data'] & {
    readonly before?: number | null;
  };
}

/** Changes of the details that differ; all of them where there are none before or after. */
function detailChanges<
  Details extends Readonly<Record<keyof Details & string, boolean | string | readonly string[]>>,
>(
  details: readonly (keyof Details & string)[],
  { from, to }: { readonly from: Details | null; readonly to: Details | null },
): PropertyChange[] {
  return details
    .filter((detail) => !from || !to || !isSameDetail(from[detail], to[detail]))
    .map((detail) => change(detail, from?.[detail], to?.[detail]));
}

/** Details and grants that a publication changed in a default role, in words; what it was called before, if otherwise. */
function roleChangeInWords({ from, to, granted, revoked, rescoped }: DefaultRoleChange['data']): string {
  const told = (verb: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`${verb} ${someOf(items, 'more')}`];
  const renamed = from && to && from.name !== to.name ? [`renamed it from ${quoted(from.name)}`] : [];
  const others = from && to ? detailChanges(['description', 'group'], { from, to }) : [];
  return [
    ...renamed,
    ...others.map(({ property }) => `changed its ${property}`),
    ...told('granted', granted),
    ...told('revoked', revoked),
    ...told(
      'changed the scopes of',
      rescoped.map(({ permission }) => permission),
    ),
  ].join('; ');
}

const published = (version: number, what: string): string =>
  `published version ${version} of the catalogue, which ${what}`;

const defaultRole = (data: DefaultRoleChange['data']): EventDescription => {
  const { version, from, to, granted, revoked, rescoped } = data;
  const verb = to ? (from ? 'changed' : 'defined') : 'retired';
  const words = to ? roleChangeInWords(data) : '';
  const what = `${verb} the default role ${quoted((to ?? from)?.name ?? null)}`;
  return {
    predicate: () => published(version, what + (words === '' ? '' : `: ${words}`)),
    changes: [
      ...detailChanges(ROLE_DETAILS, { from, to }),
      ...granted.map((key) => change('permission', null, key)),
      ...revoked.map((key) => change('permission', key, null)),
      ...rescoped.map((each) => ({
        ...change('scopes', each.from, each.to),
        permission: each.permission,
      })),
    ],
  };
};

const permission = ({ version, permission: key, from, to }: PermissionChange['data']): EventDescription => {
  const changes = detailChanges(PERMISSION_DETAILS, { from, to });
  const of = from && to ? `: ${changes.map(({ property }) => property).join(', ')}` : '';
  const verb = to ? (from ? 'changed' : 'brought back') : 'retired';
  return {
    predicate: () => published(version, `${verb} the permission ${key}${of}`),
    changes: from && to ? changes : [change('permission', from && key, to && key), ...changes],
  };
};

export const CATALOGUE: Descriptions<ToldPublication | CatalogueChange, EventDescription> = {
  CataloguePublished: ({ version, before }) => ({
    predicate: () =>
      `published version ${version} of the catalogue${before == null ? '' : `, after version ${before}`}`,
    changes: [change('version', before, version)],
  }),
  DefaultRoleChanged: defaultRole,
  DefaultRoleRetired: defaultRole,
  PermissionChanged: permission,
  PermissionRetired: permission,
};

/** Note on a change of a default role for readers who have the role before them, e.g. `now “Editor”, +flows/edit`. */
export function defaultRoleNote({ from, to, granted, revoked, rescoped }: DefaultRoleChange['data']): string {
  const details = from && to ? detailChanges(ROLE_DETAILS, { from, to }) : [];
  return [
    ...(from ? [] : [`defined as ${quoted(to?.name ?? null)}`]),
    ...(to ? [] : ['retired']),
    ...details.map(({ property }) => (property === 'name' ? `now ${quoted(to!.name)}` : `other ${property}`)),
    ...granted.map((key) => `+${key}`),
    ...revoked.map((key) => `-${key}`),
    ...rescoped.map((each) => `scopes of ${each.permission} changed`),
  ].join(', ');
}
