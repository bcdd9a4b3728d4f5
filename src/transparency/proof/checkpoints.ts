import { accountTree, originOf, type TreeName } from '../entry';
import type { Seal } from '../follower/records';
import { signCheckpoint, type SealKeys } from '../notes/seal-keys';
import type { TreeFile } from '../trees/tree-file';

/**
 * Checkpoint of a tree as of a seal, to which the trees are brought. That of an account is signed when it is asked for: the
 * signature is the same each time.
 */
export function checkpointOf(
  tree: TreeName,
  seal: Seal,
  { trees, keys }: { readonly trees: TreeFile; readonly keys: () => SealKeys },
): string {
  if (tree === 'log') return seal.notes.log;
  if (tree === 'catalogue') return seal.notes.catalogue;
  return signCheckpoint(originOf(seal.log.origin, tree), trees.tree(tree), keys());
}

/** Tree that a command is about. */
export const treeOfOption = (account: string | undefined): TreeName =>
  account === undefined ? 'log' : accountTree(account);
