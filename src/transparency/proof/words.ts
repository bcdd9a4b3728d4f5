import type { TreeName } from '../entry';
import type { TreeHead } from '../merkle/tree';
import type { Difference } from './watched-tree';

/** Words for what a verification finds. */

export const rootDiffers = (
  what: string,
  { tree, size }: { readonly tree: string; readonly size: number },
): string => `${what}: the ${treeInWords(tree, size)} does not have the root that was signed`;

export const treeIsShorter = (what: string, { size }: Pick<TreeHead, 'size'>, now: number): string =>
  `${what}: is of ${size} events, and the log has but ${now} of them: its end was cut off`;

export const damagedTiles = (): string =>
  'the log is what was sealed, but the tiles in the folder seal/ are not its: delete that folder, and they are made anew from the log';

export function whereItDiffers(
  difference: Difference | null,
  { tree, right, wrong }: { readonly tree: TreeName; readonly right: number; readonly wrong: number | null },
): string {
  if (difference !== null) return `the first event that differs: ${differenceInWords(difference)}`;
  const between = wrong === null ? `a tree (${tree})` : `the events from ${right + 1} to ${wrong} of the log`;
  return `which event differs first cannot be said, for the leaves of that time are not in the folder seal/: something in ${between} does`;
}

/** An event that differs, and how. */
export function differenceInWords({ kind, place, event }: Difference): string {
  if (event === null) return `number ${place} is missing; the log ends before it`;
  const named = `${event.id} (${event.type}, revision ${event.revision} of ${event.stream})`;
  switch (kind) {
    case 'inserted':
      return `${named}, as number ${place}, was not there`;
    case 'removed':
      return `number ${place} is missing, as after its stream was deleted; in its place is ${named}`;
    default:
      return `${named}, number ${place}, is not what was sealed there`;
  }
}

function treeInWords(tree: string, size: number): string {
  if (tree === 'log') return `log up to event ${size}`;
  if (tree === 'accounts') return `tree over all ${size} accounts`;
  return `tree ${tree} of ${size} events`;
}
