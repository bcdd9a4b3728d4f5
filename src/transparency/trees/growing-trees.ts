import type { RecordedEvent } from '../../event-store/port/event-store';
import { leafOf, treeOf, type TreeName } from '../entry';
import { EMPTY_ROOT, HASH_BYTES } from '../merkle/hashes';
import { hashesAt, rootOfTile, TILE_WIDTH } from '../merkle/tiles';
import { rootHash } from '../merkle/tree';
import type { TreeFile, TreesHead } from './tree-file';

/** Trees whose edges are held in memory before they are written. */
const MOST_HELD = 2_000;
/** Events after which they are written whatever their number is. */
const MOST_EVENTS = 50_000;

/** The right edge of a tree: its partial tiles, by level. */
interface Edge {
  readonly id: number;
  size: number;
  readonly tiles: Buffer[];
}

/** Trees of a file that take events, within a transaction of the file. */
export class GrowingTrees {
  readonly #edges = new Map<TreeName, Edge>();
  readonly #touched = new Set<TreeName>();
  #head: TreesHead;
  #unwritten = 0;

  constructor(
    private readonly file: TreeFile,
    identity: string,
  ) {
    this.#head = file.head() ?? { identity, events: 0, position: -1n };
  }

  get head(): TreesHead {
    return this.#head;
  }

  /** Takes the next event of the log. */
  add(event: RecordedEvent): void {
    const n = this.#head.events + 1;
    const leaf = leafOf(event, n);
    this.#push('log', leaf);
    const tree = treeOf(event.stream);
    if (tree !== null) this.#push(tree, leaf);
    this.#head = { ...this.#head, events: n, position: event.position };
    this.#unwritten += 1;
    if (this.#edges.size > MOST_HELD || this.#unwritten >= MOST_EVENTS) this.#write();
  }

  /** Writes all that was added, and the roots. */
  finish(): void {
    this.#write();
    for (const name of this.#touched) {
      const stored = this.file.stored(name);
      if (stored)
        this.file.putTree(name, { ...stored, root: rootHash(stored.size, this.file.subtrees(stored)) });
    }
    this.#touched.clear();
    this.file.putHead(this.#head);
  }

  #push(name: TreeName, leaf: Buffer): void {
    const edge = this.#edgeOf(name);
    this.#put(edge, 0, edge.size, leaf);
    edge.size += 1;
  }

  /** Sets the hash of a level; a tile that is full goes to the file, and its root to the level above. */
  #put(edge: Edge, level: number, index: number, hash: Buffer): void {
    const place = index % TILE_WIDTH;
    const tile = (edge.tiles[level] ??= Buffer.alloc(TILE_WIDTH * HASH_BYTES));
    hash.copy(tile, place * HASH_BYTES);
    if (place < TILE_WIDTH - 1) return;
    const number = Math.floor(index / TILE_WIDTH);
    this.file.putTile(edge.id, level, number, tile);
    this.#put(edge, level + 1, number, rootOfTile(tile));
  }

  #edgeOf(name: TreeName): Edge {
    const held = this.#edges.get(name);
    if (held) return held;
    if (this.file.stored(name) === null) this.file.putTree(name, { size: 0, root: EMPTY_ROOT });
    const { id, size } = this.file.stored(name)!;
    const edge: Edge = { id, size, tiles: [] };
    for (let level = 0; hashesAt(level, size) > 0; level += 1) {
      const tile = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
      const count = hashesAt(level, size);
      if (count % TILE_WIDTH > 0) tile.set(this.file.tile(id, level, Math.floor(count / TILE_WIDTH)));
      edge.tiles[level] = tile;
    }
    this.#edges.set(name, edge);
    this.#touched.add(name);
    return edge;
  }

  #write(): void {
    for (const [name, { id, size, tiles }] of this.#edges) {
      tiles.forEach((tile, level) => {
        const count = hashesAt(level, size);
        const width = count % TILE_WIDTH;
        if (width > 0)
          this.file.putTile(id, level, Math.floor(count / TILE_WIDTH), tile.subarray(0, width * HASH_BYTES));
      });
      this.file.putTree(name, { size, root: this.file.tree(name).root });
    }
    this.#edges.clear();
    this.#unwritten = 0;
  }
}
