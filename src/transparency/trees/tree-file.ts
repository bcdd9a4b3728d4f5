import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Position } from '../../event-store/port/event-store';
import type { TreeName } from '../entry';
import { EMPTY_ROOT } from '../merkle/hashes';
import { subtreesOf } from '../merkle/tiles';
import type { Subtrees, TreeHead } from '../merkle/tree';
import { filesFault, openForReading, openForWriting } from './database';

/** The part of a log that the trees cover. */
export interface TreesHead {
  readonly identity: string;
  /** Number of events. */
  readonly events: number;
  /** Position of the last of them; -1 for none. */
  readonly position: Position;
}

export interface StoredTree extends TreeHead {
  readonly id: number;
  readonly name: TreeName;
}

interface TreeRow {
  readonly id: number;
  readonly name: TreeName;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The trees of a log, on disk: sizes, roots and tiles. */
export class TreeFile {
  readonly #statements = new Map<string, StatementSyncInstance>();

  private constructor(private readonly database: DatabaseSyncInstance) {}

  /** @throws SealError `SEAL_FILES` */
  static toWrite(dataDirectory: string): TreeFile {
    return new TreeFile(openForWriting(dataDirectory));
  }

  /** @throws SealError `SEAL_FILES` */
  static toRead(dataDirectory: string): TreeFile {
    return new TreeFile(openForReading(dataDirectory));
  }

  head(): TreesHead | null {
    return this.#do('cannot be read', () => {
      const row = this.database.prepare('SELECT * FROM head').get() as
        { readonly identity: string; readonly events: number; readonly position: string } | undefined;
      return row === undefined ? null : { ...row, position: BigInt(row.position) };
    });
  }

  /** Size and root of a tree; those of an empty one where it has no leaf. */
  tree(name: TreeName): TreeHead {
    return this.stored(name) ?? { size: 0, root: EMPTY_ROOT };
  }

  stored(name: TreeName): StoredTree | null {
    const row = this.#do('cannot be read', () =>
      this.#statement('SELECT * FROM tree WHERE name = ?').get(name),
    ) as TreeRow | undefined;
    return row === undefined ? null : storedOf(row);
  }

  /** The trees of all accounts, in the order of their names. */
  accounts(): readonly StoredTree[] {
    const select = `SELECT * FROM tree WHERE name GLOB 'accounts/*' ORDER BY name`;
    return this.#do('cannot be read', () => this.database.prepare(select).all() as TreeRow[]).map(storedOf);
  }

  /** Hashes of a tile as far as there are some. */
  tile(tree: number, level: number, number: number): Uint8Array {
    const select = 'SELECT hashes FROM tile WHERE tree = ? AND level = ? AND number = ?';
    const row = this.#do('cannot be read', () => this.#statement(select).get(tree, level, number)) as
      { readonly hashes: Uint8Array } | undefined;
    return row?.hashes ?? new Uint8Array();
  }

  /** Complete subtrees of a tree. */
  subtrees({ id }: Pick<StoredTree, 'id'>): Subtrees {
    return subtreesOf((level, number) => this.tile(id, level, number));
  }

  /** Levels and numbers of the tiles of a tree that are not of leaves. */
  upperTiles({ id }: Pick<StoredTree, 'id'>): readonly { readonly level: number; readonly number: number }[] {
    const select = 'SELECT level, number FROM tile WHERE tree = ? AND level > 0 ORDER BY level, number';
    return this.#do('cannot be read', () => this.database.prepare(select).all(id)) as {
      readonly level: number;
      readonly number: number;
    }[];
  }

  /** Begins a change, which no other process may make meanwhile. @throws SealError `SEAL_BUSY` */
  begin(): void {
    this.#do('cannot be written', () => this.database.exec('BEGIN IMMEDIATE'));
  }

  commit(): void {
    this.#do('cannot be written', () => this.database.exec('COMMIT'));
  }

  rollBack(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
  }

  putHead({ identity, events, position }: TreesHead): void {
    const replace = 'INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)';
    this.#do('cannot be written', () => this.#statement(replace).run(identity, events, String(position)));
  }

  putTree(name: TreeName, { size, root }: TreeHead): void {
    const upsert = `INSERT INTO tree (name, size, root) VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET size = excluded.size, root = excluded.root`;
    this.#do('cannot be written', () => this.#statement(upsert).run(name, size, root));
  }

  putTile(tree: number, level: number, number: number, hashes: Uint8Array): void {
    const replace = 'INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?)';
    this.#do('cannot be written', () => this.#statement(replace).run(tree, level, number, hashes));
  }

  /** Empties the file. */
  clear(): void {
    this.#do('cannot be written', () =>
      this.database.exec('DELETE FROM tile; DELETE FROM tree; DELETE FROM head;'),
    );
  }

  close(): void {
    this.database.close();
  }

  #statement(sql: string): StatementSyncInstance {
    const kept = this.#statements.get(sql) ?? this.database.prepare(sql);
    this.#statements.set(sql, kept);
    return kept;
  }

  #do<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw filesFault(error, what);
    }
  }
}

const storedOf = ({ root, ...row }: TreeRow): StoredTree => ({ ...row, root: Buffer.from(root) });
