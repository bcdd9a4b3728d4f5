import { HASH_BYTES, nodeHash } from './hashes';
import type { Subtrees } from './tree';

/**
 * Tiles of C2SP's tlog-tiles: up to 256 neighbouring hashes of every eighth height of a tree, level 0 those of the leaves.
 * Of the right edge a tile is partial; all others never change. Pure.
 */

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
/** Levels that a path may name. */
const MOST_LEVELS = 64;

export interface TileName {
  readonly level: number;
  readonly number: number;
  /** Number of its hashes. */
  readonly width: number;
}

/** Number of hashes that a level has in a tree. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** Number of hashes that a tile has in a tree of that size; 0 for one that is not in it. */
export const widthOf = ({ level, number }: Omit<TileName, 'width'>, size: number): number =>
  Math.min(TILE_WIDTH, Math.max(0, hashesAt(level, size) - number * TILE_WIDTH));

/** Path of a tile below the address of its tree: `tile/0/x001/234.p/7`. */
export function tilePath({ level, number, width }: TileName): string {
  const digits = String(number);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/\d{3}/g) ?? [];
  const name = parts.map((part, index) => (index < parts.length - 1 ? `x${part}` : part)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile of a path; null for any text that is not the one path of a tile. */
export function parseTilePath(path: string): TileName | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const tile = {
    level: Number(match[1]),
    number: Number((match[2] ?? '').replace(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  const isThere = tile.level < MOST_LEVELS && tile.width > 0 && tile.width <= TILE_WIDTH;
  return isThere && tilePath(tile) === path ? tile : null;
}

/** The hashes of a tile, or of a wider one that begins with them. */
export type ReadTile = (level: number, number: number) => Uint8Array;

/** Complete subtrees of a tree, from its tiles. */
export function subtreesOf(readTile: ReadTile): Subtrees {
  return (height, index) => {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height - level * TILE_HEIGHT);
    const first = index * count;
    const tile = readTile(level, Math.floor(first / TILE_WIDTH));
    return completeRoot(tile, first % TILE_WIDTH, count);
  };
}

/** Root of a full tile: the hash of the level above. */
export const rootOfTile = (tile: Uint8Array): Buffer => completeRoot(tile, 0, TILE_WIDTH);

function completeRoot(tile: Uint8Array, from: number, count: number): Buffer {
  if (count === 1) return Buffer.from(hashAt(tile, from));
  const middle = count / 2;
  return nodeHash(completeRoot(tile, from, middle), completeRoot(tile, from + middle, middle));
}

/** One hash of a tile. @throws RangeError for a tile that is too short */
export function hashAt(tile: Uint8Array, index: number): Uint8Array {
  const end = (index + 1) * HASH_BYTES;
  if (end > tile.length) throw new RangeError('a tile has fewer hashes than its tree needs');
  return tile.subarray(end - HASH_BYTES, end);
}
