import { rootOfTile, hashAt, TILE_WIDTH } from '../merkle/tiles';
import { rootHash } from '../merkle/tree';
import type { StoredTree, TreeFile } from '../trees/tree-file';

/** The first tree whose tiles do not fit one another, or not its root; null where all do. */
export function damagedTree(file: TreeFile): StoredTree | null {
  const all = [file.stored('log'), file.stored('catalogue'), ...file.accounts()];
  return all.find((tree) => tree !== null && !fits(file, tree)) ?? null;
}

function fits(file: TreeFile, tree: StoredTree): boolean {
  try {
    if (!rootHash(tree.size, file.subtrees(tree)).equals(tree.root)) return false;
    return file.upperTiles(tree).every(({ level, number }) => {
      const tile = file.tile(tree.id, level, number);
      return Array.from({ length: tile.length / 32 }, (_, index) => index).every((index) =>
        rootOfTile(file.tile(tree.id, level - 1, number * TILE_WIDTH + index)).equals(hashAt(tile, index)),
      );
    });
  } catch (error) {
    // A tile that is missing, or too short.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
