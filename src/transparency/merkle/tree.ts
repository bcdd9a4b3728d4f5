import { EMPTY_ROOT, nodeHash } from './hashes';

/** Merkle trees of RFC 6962: roots, and proofs that an entry is in a tree, or that one tree goes on another. Pure. */

/** Hash of the complete subtree of `2 ** height` leaves that is the `index`-th of its height. */
export type Subtrees = (height: number, index: number) => Buffer;

/** Root of the first `size` leaves. */
export const rootHash = (size: number, subtrees: Subtrees): Buffer =>
  size === 0 ? EMPTY_ROOT : rangeHash(0, size, subtrees);

/** Path from a leaf to the root, the sibling of the leaf first (section 2.1.1). `index` is below `size`. */
export function inclusionProof(index: number, size: number, subtrees: Subtrees): Buffer[] {
  const path: Buffer[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      path.push(rangeHash(middle, end, subtrees));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, subtrees));
      start = middle;
    }
  }
  return path.reverse();
}

/** Proof that a tree of `size` leaves begins with the one of `earlier` (section 2.1.2); `0 < earlier <= size`. */
export function consistencyProof(earlier: number, size: number, subtrees: Subtrees): Buffer[] {
  const path: Buffer[] = [];
  let [start, end] = [0, size];
  while (earlier < end) {
    const middle = start + split(end - start);
    if (earlier <= middle) {
      path.push(rangeHash(middle, end, subtrees));
      end = middle;
    } else {
      path.push(rangeHash(start, middle, subtrees));
      start = middle;
    }
  }
  // The earlier root is known to whoever checks, unless it is but a part of that tree.
  return start === 0 ? path.reverse() : [rangeHash(start, end, subtrees), ...path.reverse()];
}

/** True if the proof leads from the leaf to the root (RFC 9162, section 2.1.3.2). */
export function provesInclusion(
  {
    leaf,
    index,
    proof,
  }: { readonly leaf: Buffer; readonly index: number; readonly proof: readonly Buffer[] },
  { size, root }: TreeHead,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let reached = leaf;
  const isWhole = climb([index, size - 1], proof, (sibling, isLeft) => {
    reached = isLeft ? nodeHash(sibling, reached) : nodeHash(reached, sibling);
  });
  return isWhole && reached.equals(root);
}

/** Size and root of a tree. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** True if the proof shows that the later tree begins with the earlier one (RFC 9162, section 2.1.4.2). */
export function provesConsistency(earlier: TreeHead, later: TreeHead, proof: readonly Buffer[]): boolean {
  if (earlier.size === 0) return proof.length === 0 && earlier.root.equals(EMPTY_ROOT);
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  if (earlier.size > later.size) return false;
  const [first, ...path] = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [place, last] = [earlier.size - 1, later.size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let [before, after] = [first, first];
  const isWhole = climb([place, last], path, (sibling, isLeft) => {
    if (isLeft) before = nodeHash(sibling, before);
    after = isLeft ? nodeHash(sibling, after) : nodeHash(after, sibling);
  });
  return isWhole && before.equals(earlier.root) && after.equals(later.root);
}

/** Climbs from a node of a tree, whose last one of that height is `last`, to the root. True if the path ends there. */
function climb(
  [place, last]: [number, number],
  path: readonly Buffer[],
  join: (sibling: Buffer, isLeft: boolean) => void,
): boolean {
  for (const sibling of path) {
    if (last === 0) return false;
    const isLeft = isOdd(place) || place === last;
    join(sibling, isLeft);
    if (isLeft) while (!isOdd(place) && place > 0) [place, last] = [half(place), half(last)];
    [place, last] = [half(place), half(last)];
  }
  return last === 0;
}

/** Sizes are beyond what operators of bits take. */
const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;

function rangeHash(start: number, end: number, subtrees: Subtrees): Buffer {
  const size = end - start;
  const height = heightOf(size);
  if (2 ** height === size) return subtrees(height, start / size);
  const middle = start + split(size);
  return nodeHash(rangeHash(start, middle, subtrees), rangeHash(middle, end, subtrees));
}

/** Height of the smallest complete tree that has room for so many leaves. */
function heightOf(size: number): number {
  let height = 0;
  while (2 ** height < size) height += 1;
  return height;
}

/** The largest power of two below a size. */
const split = (size: number): number => 2 ** (heightOf(size) - 1);

const isPowerOfTwo = (size: number): boolean => 2 ** heightOf(size) === size;
