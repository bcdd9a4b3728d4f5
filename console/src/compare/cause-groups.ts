import type { CauseFragment, DifferenceFragment, UserDifferenceFragment } from '../generated/graphql';
import type { Mark } from '../ui/marks/mark';

/** A difference as a line: with its sign, and the scopes that came and went with it. */
export interface DiffLine {
  readonly id: string;
  /** Null: it is no change, but what one of two has. */
  readonly mark: Mark | null;
  readonly text: string;
  /** Key of a permission, or a username. */
  readonly code?: string;
  readonly privileged?: boolean;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Differences that the same entries of the history made. */
export interface CauseGroup {
  readonly id: string;
  /** Oldest first; none where they are not known. */
  readonly causes: readonly CauseFragment[];
  readonly lines: readonly DiffLine[];
}

interface Caused {
  readonly line: DiffLine;
  readonly causes: readonly CauseFragment[];
}

/** Differences by what made them, the newest first; those without a known cause are last. */
export function groupsOf(differences: readonly Caused[]): CauseGroup[] {
  const groups = new Map<string, { id: string; causes: readonly CauseFragment[]; lines: DiffLine[] }>();
  for (const { line, causes } of differences) {
    const id = causes.map((cause) => cause.id).join(' ');
    const group = groups.get(id) ?? { id, causes, lines: [] };
    group.lines.push(line);
    groups.set(id, group);
  }
  const newest = ({ causes }: CauseGroup): string => causes.at(-1)?.at ?? '';
  return [...groups.values()].sort((a, b) => newest(b).localeCompare(newest(a)));
}

/** Permissions that a user holds at either moment, by key. */
export interface HeldAtMoments {
  readonly then: ReadonlySet<string>;
  readonly now: ReadonlySet<string>;
}

/**
 * Differences of a user’s access, by what made them. A permission that is held at both moments and differs in scopes alone is
 * changed; where it is not told what is held, that is known of those alone that gained scopes and lost others.
 */
export function groupsOfUser({ gained, lost }: UserDifferenceFragment, held?: HeldAtMoments): CauseGroup[] {
  const keys = (list: readonly DifferenceFragment[]): ReadonlySet<string> =>
    new Set(list.map(({ permission }) => permission.key));
  const { then, now } = held ?? { then: keys(lost), now: keys(gained) };
  const caused = (mark: 'added' | 'removed', { permission, scopes, causes }: DifferenceFragment): Caused => {
    const isChanged = then.has(permission.key) && now.has(permission.key);
    return {
      causes: causes ?? [],
      line: {
        id: `${mark} ${permission.key}`,
        mark: isChanged ? 'changed' : mark,
        text: permission.description,
        code: permission.key,
        privileged: permission.privileged,
        gained: mark === 'added' ? scopes : [],
        lost: mark === 'removed' ? scopes : [],
      },
    };
  };
  return groupsOf([
    ...gained.map((one) => caused('added', one)),
    ...lost.map((one) => caused('removed', one)),
  ]);
}
