import * as fc from 'fast-check';
import { Frontier } from '../../../src/transparency/merkle/frontier';
import { leafHash } from '../../../src/transparency/merkle/hashes';
import {
  hashAt,
  hashesAt,
  parseTilePath,
  rootOfTile,
  subtreesOf,
  tilePath,
  TILE_WIDTH,
  widthOf,
} from '../../../src/transparency/merkle/tiles';
import {
  consistencyProof,
  inclusionProof,
  provesConsistency,
  provesInclusion,
  rootHash,
} from '../../../src/transparency/merkle/tree';

const SIZE = 66_000;
const leaves = Array.from({ length: SIZE }, (_, n) => leafHash(Buffer.from(String(n))));

/** Tiles made level by level, of all leaves. */
function tilesOf(hashes: readonly Buffer[]): Buffer[][] {
  const levels: Buffer[][] = [];
  for (let level = [...hashes]; level.length > 0;) {
    const tiles: Buffer[] = [];
    for (let at = 0; at < level.length; at += TILE_WIDTH)
      tiles.push(Buffer.concat(level.slice(at, at + TILE_WIDTH)));
    levels.push(tiles);
    level = tiles.filter((tile) => tile.length === TILE_WIDTH * 32).map(rootOfTile);
  }
  return levels;
}

describe('tiles', () => {
  it('are named as tlog-tiles names them', () => {
    expect(tilePath({ level: 0, number: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 3, number: 0, width: 8 })).toBe('tile/3/000.p/8');
    expect(tilePath({ level: 0, number: 999, width: 1 })).toBe('tile/0/999.p/1');
    expect(tilePath({ level: 0, number: 1_000, width: 255 })).toBe('tile/0/x001/000.p/255');
  });

  it('have one path each, which alone is taken', () => {
    const tile = fc.record({
      level: fc.integer({ min: 0, max: 63 }),
      number: fc.integer({ min: 0, max: 1_000_000_000 }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(tile, (each) => expect(parseTilePath(tilePath(each))).toEqual(each)));
    for (const path of ['tile/00/000', 'tile/64/000', 'tile/0/x000/001', 'tile/0/1', 'tile/0/000.p/0'])
      expect(parseTilePath(path)).toBeNull();
    for (const path of [
      'tile/0/000.p/256',
      'tile/0/000.p/01',
      'tile/0/001/000',
      'tile/-1/000',
      'tile/entries/000',
    ])
      expect(parseTilePath(path)).toBeNull();
  });

  it('are as wide as the specification says of a tree of 70,000', () => {
    expect([0, 1, 2, 3].map((level) => hashesAt(level, 70_000))).toEqual([70_000, 273, 1, 0]);
    expect(widthOf({ level: 0, number: 272 }, 70_000)).toBe(256);
    expect(widthOf({ level: 0, number: 273 }, 70_000)).toBe(112);
    expect(widthOf({ level: 0, number: 274 }, 70_000)).toBe(0);
    expect(widthOf({ level: 1, number: 1 }, 70_000)).toBe(17);
    expect(widthOf({ level: 2, number: 0 }, 70_000)).toBe(1);
    expect(widthOf({ level: 1, number: 0 }, 256)).toBe(1);
  });

  it('hold every root and proof of trees up to their size, over three levels', () => {
    const levels = tilesOf(leaves);
    expect(levels).toHaveLength(3);
    const subtrees = subtreesOf((level, number) => levels[level]?.[number] ?? Buffer.alloc(0));
    const grown = new Frontier();
    const after = { size: SIZE, root: rootHash(SIZE, subtrees) };
    for (const size of [1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE]) {
      while (grown.size < size) grown.push(leaves[grown.size]!);
      const root = rootHash(size, subtrees);
      expect(root).toEqual(grown.root());
      const index = Math.floor(size / 3);
      const proof = inclusionProof(index, size, subtrees);
      expect(provesInclusion({ leaf: leaves[index]!, index, proof }, { size, root })).toBe(true);
      expect(provesConsistency({ size, root }, after, consistencyProof(size, SIZE, subtrees))).toBe(true);
    }
  });

  it('that are too short are told', () => {
    expect(() => hashAt(Buffer.alloc(64), 2)).toThrow(RangeError);
  });
});
