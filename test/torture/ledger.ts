import type { Position } from '../../src/event-store/port/event-store';
import type { KeyedIds } from '../../src/commands/identity';
import { commandIdOf, type Wish } from './wishes';

/** Changes that were asked for, and their answers. */
interface Entry {
  readonly wish: Wish;
  /** Position that the answer named, as the world sees it. */
  acknowledged: string | null;
}

/** One append of a keyed command, as the log has it. */
export interface LoggedAppend {
  readonly stream: string;
  readonly commandId: string;
  readonly position: Position;
}

export interface Comparison {
  readonly acknowledged: number;
  /** Asked for and never answered: may be in the log, or not. */
  readonly unanswered: number;
  /** Acknowledged, and not in the log. */
  readonly lost: readonly string[];
  /** In the log more than once. */
  readonly doubled: readonly string[];
  /** Acknowledged at another place than the log has it. */
  readonly misplaced: readonly string[];
}

/** Every wish by its key, to be compared with the log itself. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  ask(wish: Wish): void {
    this.#entries.set(wish.key, { wish, acknowledged: null });
  }

  acknowledge(wish: Wish, position: string): void {
    const entry = this.#entries.get(wish.key);
    if (entry) entry.acknowledged = position;
  }

  get acknowledged(): number {
    return [...this.#entries.values()].filter(({ acknowledged }) => acknowledged !== null).length;
  }

  /**
   * `appends`: of all streams; `encode`: the position as the world sees it; `settled`: gives the one of those that stands
   * for an answered one; `ids`: hash as the log’s account does.
   */
  compare(
    appends: readonly LoggedAppend[],
    encode: (position: Position) => string,
    { settled = (text) => text, ids }: { settled?: (text: string) => string; ids?: KeyedIds } = {},
  ): Comparison {
    const found = new Map<string, LoggedAppend[]>();
    for (const append of appends) {
      const { commandId } = append;
      found.set(commandId, [...(found.get(commandId) ?? []), append]);
    }
    const lost: string[] = [];
    const doubled: string[] = [];
    const misplaced: string[] = [];
    for (const [key, { wish, acknowledged }] of this.#entries) {
      const all = found.get(commandIdOf(wish, ids)) ?? [];
      const own = all.filter(({ stream }) => stream === wish.stream);
      const what = `${wish.mutation} ${key} on ${wish.stream}`;
      if (own.length > 1) doubled.push(what);
      if (acknowledged === null) continue;
      if (own.length === 0) lost.push(what);
      // A reactivation answers the place where its bar was lifted, on another stream.
      else if (!all.some(({ position }) => encode(position) === settled(acknowledged))) misplaced.push(what);
    }
    const answered = this.acknowledged;
    const unanswered = this.#entries.size - answered;
    return { acknowledged: answered, unanswered, lost, doubled, misplaced };
  }
}
