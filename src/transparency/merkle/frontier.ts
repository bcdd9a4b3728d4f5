import { EMPTY_ROOT, nodeHash } from './hashes';

/** A tree that only grows, as the roots of its complete subtrees from the left: enough for its root, in a few hashes. */
export class Frontier {
  /** Root of the complete subtree of each height that is set in the size; the lowest last. */
  readonly #roots: { readonly height: number; readonly root: Buffer }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(leaf: Buffer): void {
    let [height, root] = [0, leaf];
    for (let left = this.#roots.at(-1); left?.height === height; left = this.#roots.at(-1)) {
      this.#roots.pop();
      root = nodeHash(left.root, root);
      height += 1;
    }
    this.#roots.push({ height, root });
    this.#size += 1;
  }

  root(): Buffer {
    const roots = this.#roots.map(({ root }) => root);
    return roots.length === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Root of a tree of these leaves. */
export function rootOf(leaves: Iterable<Buffer>): Buffer {
  const tree = new Frontier();
  for (const leaf of leaves) tree.push(leaf);
  return tree.root();
}
