import { groupsOfUser, type DiffLine } from '../../compare/cause-groups';
import type { UserDifferenceFragment } from '../../generated/graphql';

/** Users for whom a save does the same. */
export interface AffectedGroup {
  readonly id: string;
  readonly users: readonly UserDifferenceFragment[];
  readonly lines: readonly DiffLine[];
}

/** Users by what they gain and lose, in their order. */
export function affectedGroups(differences: readonly UserDifferenceFragment[]): AffectedGroup[] {
  const groups = new Map<
    string,
    { id: string; users: UserDifferenceFragment[]; lines: readonly DiffLine[] }
  >();
  for (const one of differences) {
    const lines = groupsOfUser(one).flatMap((group) => group.lines);
    const id = JSON.stringify(lines.map((line) => [line.id, line.gained, line.lost]));
    const group = groups.get(id) ?? { id, users: [], lines };
    group.users.push(one);
    groups.set(id, group);
  }
  return [...groups.values()];
}
