import { createHash } from 'node:crypto';
import { openEmbeddedSeals, openEmbeddedStore } from '../../src/event-store/embedded';
import type { Append, EventStore, RecordedEvent } from '../../src/event-store/port/event-store';
import type { SealStore } from '../../src/event-store/port/seal-store';
import {
  accountStream,
  catalogueStream,
  claimStream,
  repairStream,
  roleStream,
} from '../../src/event-store/port/streams';
import { leafOf, treeOf, type TreeName } from '../../src/transparency/entry';
import { sealOnce, type SealingOptions, type SealOutcome } from '../../src/transparency/follower/seal-once';
import { rootOf } from '../../src/transparency/merkle/frontier';
import { SealKeys } from '../../src/transparency/notes/seal-keys';
import { TreeFile } from '../../src/transparency/trees/tree-file';
import { newDirectory, removeDirectory } from '../directories';
import { collect, newEvent } from '../event-store/contract/controls';

export const seedOf = (name: string): Buffer => createHash('sha256').update(name).digest();

export interface LogParts {
  readonly store: EventStore;
  readonly openSeals: () => SealStore;
  readonly end?: () => Promise<void>;
}

/** An embedded log in a folder. */
export async function embeddedLog(directory: string): Promise<LogParts> {
  const store = await openEmbeddedStore({ directory });
  return { store, openSeals: () => openEmbeddedSeals({ directory }), end: () => store.close() };
}

/** A process that seals a log, in a data folder of its own. */
export class Sealing {
  /** Names of the keys in its file. */
  keys: readonly string[] = ['one'];
  now = Date.parse('2026-11-29T12:00:00Z');
  origin: string | null = null;
  made = 0;
  readonly seals: SealStore;
  #trees: TreeFile | null = null;

  constructor(
    readonly log: LogParts,
    readonly directory: string = newDirectory(),
  ) {
    this.seals = log.openSeals();
  }

  static async embedded(directory = newDirectory()): Promise<Sealing> {
    return new Sealing(await embeddedLog(directory), directory);
  }

  get trees(): TreeFile {
    return (this.#trees ??= TreeFile.toWrite(this.directory));
  }

  seal(options: SealingOptions = {}): Promise<SealOutcome> {
    return sealOnce(
      {
        store: this.log.store,
        seals: this.seals,
        trees: this.trees,
        keys: (mayMake) => {
          if (mayMake) this.made += 1;
          return new SealKeys(this.keys.map(seedOf));
        },
        origin: this.origin,
        intervalMs: 60_000,
        now: () => this.now,
      },
      options,
    );
  }

  /** Appends so many events, over streams of every kind and these accounts. */
  async write(count: number, accounts: readonly string[] = ['acme', 'globex']): Promise<void> {
    const appends = Array.from({ length: count }, (_, n) => {
      const account = accounts[n % accounts.length]!;
      const streams = [
        roleStream(account, `r${n % 7}`),
        accountStream(account),
        n % 3 === 0 ? catalogueStream : claimStream(account, `c${n}`),
        n % 5 === 0 ? repairStream : roleStream(account, 'editors'),
      ];
      const events = [newEvent({ n, text: 'Überprüfung' })];
      return { stream: streams[n % streams.length]!, expected: 'any' as const, events };
    });
    for await (const { outcome } of this.log.store.appendInOrder(eachOf(appends)))
      if (outcome !== 'appended') throw new Error('the log did not take an event');
  }

  events(): Promise<RecordedEvent[]> {
    return collect(this.log.store.readAll());
  }

  /** Root of a tree over the first events, by the definition. */
  async rootOf(tree: TreeName, events = Infinity): Promise<Buffer> {
    const all = (await this.events()).slice(0, events);
    const leaves = all.map((event, index) => ({ event, leaf: leafOf(event, index + 1) }));
    return rootOf(
      leaves.filter(({ event }) => tree === 'log' || treeOf(event.stream) === tree).map(({ leaf }) => leaf),
    );
  }

  closeTrees(): void {
    this.#trees?.close();
    this.#trees = null;
  }

  async close({ keeps = false } = {}): Promise<void> {
    this.closeTrees();
    await this.seals.close();
    await this.log.end?.();
    if (!keeps) removeDirectory(this.directory);
  }
}

async function* eachOf(appends: readonly Append[]): AsyncGenerator<Append> {
  yield* appends;
}
