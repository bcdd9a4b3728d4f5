import type { RecordedEvent } from '../../event-store/port/event-store';
import { headOfAccounts, leafOf, treeOf, type TreeName } from '../entry';
import type { Seal } from '../follower/records';
import { Frontier } from '../merkle/frontier';
import type { TreeHead } from '../merkle/tree';
import type { Checkpoint } from '../notes/checkpoint';
import type { TreeFile } from '../trees/tree-file';
import { damagedTree } from './tiles';
import { WatchedTree, type Difference } from './watched-tree';
import { damagedTiles, rootDiffers, treeIsShorter, whereItDiffers } from './words';

/** Roots that a log must have. */
export interface Expected {
  /** Seals, the smallest first. */
  readonly seals: readonly Seal[];
  /** Checkpoint of the wanted tree that somebody outside has. */
  readonly against: Checkpoint | null;
  /** The tree that is wanted: of the whole log, the catalogue or an account. */
  readonly tree: TreeName;
}

interface Anchor extends TreeHead {
  readonly tree: TreeName | 'accounts';
}

export interface Findings {
  readonly difference: Difference | null;
  readonly faults: readonly string[];
}

/** The trees of a log, grown event by event; each root that is expected is compared when its size is reached. */
export class Walk {
  events = 0;
  readonly #log: WatchedTree;
  readonly #wanted: WatchedTree;
  readonly #catalogue = new Frontier();
  readonly #accounts = new Map<string, Frontier>();
  readonly #right: Anchor[] = [];
  readonly #wrong: Anchor[] = [];
  readonly #faults: string[] = [];
  #sealsMet = 0;
  #isCompared = false;

  constructor(
    private readonly file: TreeFile | null,
    private readonly expected: Expected,
  ) {
    const watched = (name: TreeName): WatchedTree => new WatchedTree(file, file?.stored(name) ?? null);
    this.#log = watched('log');
    this.#wanted = expected.tree === 'log' ? this.#log : watched(expected.tree);
    this.#compareReached();
  }

  get wanted(): TreeHead {
    return { size: this.#wanted.size, root: this.#wanted.root() };
  }

  add(event: RecordedEvent): void {
    this.events += 1;
    const leaf = leafOf(event, this.events);
    this.#log.add(event, this.events, leaf);
    const name = treeOf(event.stream);
    if (name === this.expected.tree) this.#wanted.add(event, this.events, leaf);
    if (name === 'catalogue') this.#catalogue.push(leaf);
    else if (name !== null) this.#accountOf(name.slice('accounts/'.length)).push(leaf);
    this.#compareReached();
  }

  /** Findings once the log has been read to its end. */
  findings(): Findings {
    const { seals, against, tree } = this.expected;
    const first = seals[this.#sealsMet];
    if (first !== undefined) {
      this.#wrong.push({ ...first.log, tree: 'log' });
      this.#faults.push(treeIsShorter(`seal ${first.revision}`, first.log, this.events));
    }
    if (against !== null && !this.#isCompared) {
      this.#wrong.push({ ...against, tree });
      this.#faults.push(treeIsShorter('the checkpoint that was given', against, this.#wanted.size));
    }
    if (this.#wrong.length === 0) return { difference: null, faults: this.#faultsOfTiles() };
    const difference = this.#named();
    const where = whereItDiffers(difference, {
      tree,
      right: this.#reached('log'),
      wrong: this.#firstWrong(),
    });
    return { difference, faults: [...this.#faults.slice(0, MOST_FAULTS), where] };
  }

  #compareReached(): void {
    const { seals, against, tree } = this.expected;
    for (let seal = seals[this.#sealsMet]; seal?.log.size === this.events; seal = seals[this.#sealsMet]) {
      this.#sealsMet += 1;
      this.#compareSeal(seal, this.#sealsMet === seals.length);
    }
    if (against !== null && !this.#isCompared && against.size === this.#wanted.size) {
      this.#isCompared = true;
      this.#compare({ ...against, tree }, this.wanted, 'the checkpoint that was given');
    }
  }

  #compareSeal({ log, catalogue, accounts, revision }: Seal, isLast: boolean): void {
    const what = `seal ${revision}`;
    this.#compare({ ...log, tree: 'log' }, { size: this.events, root: this.#log.root() }, what);
    const now = { size: this.#catalogue.size, root: this.#catalogue.root() };
    this.#compare({ ...catalogue, tree: 'catalogue' }, now, what);
    if (isLast) this.#compare({ ...accounts, tree: 'accounts' }, this.#accountsHead(), what);
  }

  #compare(anchor: Anchor, now: TreeHead, what: string): void {
    const isRight = anchor.size === now.size && anchor.root.equals(now.root);
    (isRight ? this.#right : this.#wrong).push(anchor);
    if (!isRight) this.#faults.push(rootDiffers(what, anchor));
  }

  #accountsHead(): TreeHead {
    const heads = [...this.#accounts].map(
      ([id, tree]) => [id, { size: tree.size, root: tree.root() }] as const,
    );
    return headOfAccounts(new Map(heads));
  }

  /** Faults of what was kept beside a log that is what was sealed. */
  #faultsOfTiles(): readonly string[] {
    if (this.file === null) return [];
    const differs = [this.#log, this.#wanted].some((tree) => tree.difference() !== null);
    return differs || damagedTree(this.file) !== null ? [damagedTiles()] : [];
  }

  /** The first event that differs, where the leaves that were kept give a root that the log does not give. */
  #named(): Difference | null {
    const isKept = (tree: WatchedTree, name: TreeName): boolean =>
      this.#wrong.some((anchor) => anchor.tree === name && tree.isKeptAs(anchor));
    if (isKept(this.#log, 'log')) return this.#log.difference();
    return isKept(this.#wanted, this.expected.tree) ? this.#wanted.difference() : null;
  }

  /** Largest size of a tree whose root is right. */
  #reached(tree: TreeName): number {
    return Math.max(0, ...this.#right.filter((anchor) => anchor.tree === tree).map(({ size }) => size));
  }

  #firstWrong(): number | null {
    const sizes = this.#wrong.filter(({ tree }) => tree === 'log').map(({ size }) => size);
    return sizes.length === 0 ? null : Math.min(...sizes);
  }

  #accountOf(account: string): Frontier {
    const tree = this.#accounts.get(account) ?? new Frontier();
    if (tree.size === 0) this.#accounts.set(account, tree);
    return tree;
  }
}

/** Faults that are told: once one root is wrong, so are all after it. */
const MOST_FAULTS = 3;
