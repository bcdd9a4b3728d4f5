import { isGranted, type RoleDraft } from './role-draft';

/** A permission as a section shows it, whatever the role. */
export interface SectionPermission {
  readonly key: string;
  readonly grantable: boolean;
  readonly available: boolean;
  readonly retired: boolean;
}

/** State of a section: how much is ticked, and what the box of Select all shows. */
export interface SectionState {
  readonly selected: number;
  readonly total: number;
  readonly box: 'none' | 'some' | 'all';
  /** Permissions that Select all leaves out: the caller may not grant them, or their feature is disabled. */
  readonly leftOut: number;
}

/** Permissions that Select all ticks. */
export const selectable = <Item extends SectionPermission>(permissions: readonly Item[]): Item[] =>
  permissions.filter(({ grantable, available }) => grantable && available);

/** State of a section in a draft. */
export function sectionState(draft: RoleDraft, permissions: readonly SectionPermission[]): SectionState {
  const granted = (list: readonly SectionPermission[]): number =>
    list.filter(({ key }) => isGranted(draft, key)).length;
  const offered = selectable(permissions);
  const selected = granted(permissions);
  const all = offered.length > 0 && granted(offered) === offered.length;
  return {
    selected,
    total: permissions.length,
    box: all ? 'all' : selected > 0 ? 'some' : 'none',
    leftOut: permissions.filter(
      (permission) => !offered.includes(permission) && !isGranted(draft, permission.key),
    ).length,
  };
}

/** Keys that a click on Select all ticks, or unticks if all were ticked: from “some” it always selects. */
export function selectAll(
  draft: RoleDraft,
  permissions: readonly SectionPermission[],
): { readonly keys: string[]; readonly granted: boolean } {
  const granted = sectionState(draft, permissions).box !== 'all';
  const keys = granted ? selectable(permissions) : permissions.filter(({ retired }) => !retired);
  return { keys: keys.map(({ key }) => key), granted };
}
