import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { Frontier, rootOf } from '../../../src/transparency/merkle/frontier';
import { EMPTY_ROOT, leafHash, nodeHash } from '../../../src/transparency/merkle/hashes';
import {
  consistencyProof,
  inclusionProof,
  provesConsistency,
  provesInclusion,
  rootHash,
  type Subtrees,
} from '../../../src/transparency/merkle/tree';

/** Entries and roots that the reference implementation of Certificate Transparency is tested with. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = ENTRIES.map((hex) => leafHash(Buffer.from(hex, 'hex')));

/** A tree by the definition of RFC 6962, section 2.1: slow, and evidently right. */
function mth(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return createHash('sha256').digest();
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)));
}

const subtreesIn =
  (hashes: readonly Buffer[]): Subtrees =>
  (height, index) =>
    mth(hashes.slice(index * 2 ** height, (index + 1) * 2 ** height));

const hashesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => leafHash(Buffer.from(String(n))));

describe('Merkle trees', () => {
  it('have the roots of the reference implementation', () => {
    const roots = ROOTS.map((_, size) => rootHash(size, subtreesIn(leaves)).toString('hex'));
    expect(roots).toEqual(ROOTS);
    expect(ROOTS.map((_, size) => rootOf(leaves.slice(0, size)).toString('hex'))).toEqual(ROOTS);
    expect(EMPTY_ROOT.toString('hex')).toBe(ROOTS[0]);
  });

  it('have the proofs of the reference implementation', () => {
    const hex = (proof: readonly Buffer[]): string[] => proof.map((hash) => hash.toString('hex'));
    expect(hex(inclusionProof(0, 8, subtreesIn(leaves)))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(consistencyProof(6, 8, subtreesIn(leaves)))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('grow to the root of their definition, of every size', () => {
    const tree = new Frontier();
    const hashes = hashesOf(70);
    hashes.forEach((leaf, index) => {
      tree.push(leaf);
      expect(tree.root()).toEqual(mth(hashes.slice(0, index + 1)));
    });
    expect(tree.size).toBe(70);
  });

  const sized = fc.integer({ min: 1, max: 300 });
  it('prove that each leaf is in them, and no other', () => {
    const all = hashesOf(300);
    fc.assert(
      fc.property(sized, fc.nat(), fc.nat(), (size, one, other) => {
        const subtrees = subtreesIn(all.slice(0, size));
        const head = { size, root: rootHash(size, subtrees) };
        const [index, wrong] = [one % size, other % size];
        const proof = inclusionProof(index, size, subtrees);
        expect(provesInclusion({ leaf: all[index]!, index, proof }, head)).toBe(true);
        expect(provesInclusion({ leaf: all[wrong]!, index, proof }, head)).toBe(wrong === index);
        expect(provesInclusion({ leaf: all[index]!, index: wrong, proof }, head)).toBe(wrong === index);
        expect(provesInclusion({ leaf: all[index]!, index, proof: [...proof, head.root] }, head)).toBe(false);
        if (proof.length > 0)
          expect(provesInclusion({ leaf: all[index]!, index, proof: proof.slice(1) }, head)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('prove that they go on from each earlier one, and from no other', () => {
    const all = hashesOf(300);
    fc.assert(
      fc.property(sized, fc.nat(), fc.nat(), (size, one, changed) => {
        const subtrees = subtreesIn(all.slice(0, size));
        const earlier = 1 + (one % size);
        const [before, after] = [earlier, size].map((of) => ({ size: of, root: rootHash(of, subtrees) }));
        const proof = consistencyProof(earlier, size, subtrees);
        expect(provesConsistency(before!, after!, proof)).toBe(true);
        const forged = all.slice(0, size);
        forged[changed % earlier] = leafHash(Buffer.from('another'));
        const forgery = { size, root: rootHash(size, subtreesIn(forged)) };
        const itsProof = consistencyProof(earlier, size, subtreesIn(forged));
        expect(provesConsistency(before!, forgery, itsProof)).toBe(false);
        expect(provesConsistency(before!, forgery, proof)).toBe(false);
        expect(provesConsistency(after!, before!, proof)).toBe(size === earlier);
      }),
      { numRuns: 60 },
    );
  });

  it('go on from the empty one without a proof', () => {
    const head = { size: 3, root: rootOf(leaves.slice(0, 3)) };
    expect(provesConsistency({ size: 0, root: EMPTY_ROOT }, head, [])).toBe(true);
    expect(provesConsistency({ size: 0, root: head.root }, head, [])).toBe(false);
  });
});
