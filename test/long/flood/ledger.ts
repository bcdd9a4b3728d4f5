import { identify, type KeyedIds } from '../../../src/commands/identity';
import type { Command } from '../../../src/commands/command';

/** A change that was asked for, and what was said about it. */
export interface Asked {
  readonly requestId: string;
  readonly account: string;
  /** User who asked; null: an operator. */
  readonly user: string | null;
  /** The command’s type, e.g. `createRole`. */
  readonly command: string;
  readonly key: string | null;
  /** The role or user that it changes, as streams name it; null where that follows from the answer alone. */
  readonly target: string | null;
  /** It cannot be without an effect where it is accepted: it says something that was never said before. */
  readonly mustWrite: boolean;
}

/** One append, as the log has it. */
export interface LoggedAppend {
  readonly stream: string;
  readonly commandId: string;
  readonly requestId: string;
  readonly command: string;
  /** The role or user that it is about; of a bar, which stands on the stream of a role, the user. Null: neither. */
  readonly about: string | null;
  /** Position of its last event, as answers give it. */
  readonly position: string;
  /** It only keeps others from completing a claim (`ClaimAbandoned`), and may stand besides the change itself. */
  readonly isFence: boolean;
  /** Every attempt writes it anew (`UserBarred`), and a second one changes nothing. */
  readonly isBar: boolean;
}

export interface Comparison {
  readonly acknowledged: number;
  /** Acknowledged changes that the log has. */
  readonly written: number;
  /** Acknowledged changes that had nothing to change. */
  readonly unchanged: number;
  readonly refused: number;
  /** Asked for, and no answer says what came of it (there was none, or an error cut it off): in the log, or not. */
  readonly unanswered: number;
  /** Acknowledged, and not in the log. */
  readonly lost: readonly string[];
  /** In the log more than once. */
  readonly doubled: readonly string[];
  /** In the log, and not where the answer says. */
  readonly misplaced: readonly string[];
  /** Refused, and in the log all the same. */
  readonly disobeyed: readonly string[];
}

/** Every change that the flood asked for, to be compared with the log itself. */
export class Ledger {
  readonly #acknowledged: { readonly asked: Asked; readonly position: string | null }[] = [];
  readonly #refused: Asked[] = [];
  unanswered = 0;

  acknowledge(asked: Asked, position: string | null): void {
    this.#acknowledged.push({ asked, position });
  }

  refuse(asked: Asked): void {
    this.#refused.push(asked);
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Accounts in which changes were acknowledged. */
  get accounts(): ReadonlySet<string> {
    return new Set(this.#acknowledged.map(({ asked }) => asked.account));
  }

  /**
   * `appends`: all that the log holds, in its order; `settled`: gives the position in them that stands for an answered one;
   * `idsOf`: hash as the log does for an account.
   */
  compare(
    appends: readonly LoggedAppend[],
    settled: (position: string) => string = (position) => position,
    idsOf?: ReadonlyMap<string, KeyedIds>,
  ): Comparison {
    const byCommand = grouped(appends, ({ commandId }) => commandId);
    const byRequest = grouped(appends, ({ requestId, command }) => `${requestId} ${command}`);
    const order = new Map(appends.map(({ position }, index) => [position, index]));
    const found = (asked: Asked): readonly LoggedAppend[] => {
      const own =
        asked.key === null
          ? byRequest.get(`${asked.requestId} ${asked.command}`)
          : byCommand.get(commandIdOf(asked, idsOf?.get(asked.account)));
      return (own ?? []).filter((append) => isOn(append, asked));
    };
    const lost: string[] = [];
    const misplaced: string[] = [];
    let written = 0;
    for (const { asked, position: answered } of this.#acknowledged) {
      const position = answered === null ? null : settled(answered);
      const own = found(asked);
      if (own.length > 0) written += 1;
      if (own.length === 0 && (asked.mustWrite || (position !== null && !order.has(position))))
        lost.push(told(asked, position));
      if (own.length > 0 && !isPlaced(asked, position, own, order)) misplaced.push(told(asked, position));
    }
    return {
      acknowledged: this.#acknowledged.length,
      written,
      unchanged: this.#acknowledged.length - written - lost.length,
      refused: this.#refused.length,
      unanswered: this.unanswered,
      lost,
      misplaced,
      doubled: doubledIn(byCommand),
      disobeyed: this.#disobeyed(byRequest).map((asked) => told(asked, null)),
    };
  }

  /**
   * A request may hold two changes, and only one of them be refused: what the other may have written is not held against
   * it. A key whose first use was accepted stands in the log for that one.
   */
  #disobeyed(byRequest: ReadonlyMap<string, readonly LoggedAppend[]>): Asked[] {
    const taken = grouped(
      this.#acknowledged.map(({ asked }) => asked),
      ({ requestId }) => requestId,
    );
    return this.#refused.filter((refused) =>
      (byRequest.get(`${refused.requestId} ${refused.command}`) ?? []).some(
        (append) =>
          isChange(append) &&
          isOn(append, refused) &&
          !(taken.get(refused.requestId) ?? []).some(
            (other) => writesAs(other, append.command) && isOn(append, other),
          ),
      ),
    );
  }
}

/** Commands that a change of many memberships writes as. */
const MEMBERSHIPS = ['assignUsers', 'unassignUsers'];
const BATCHES = ['updateUserRoles', 'updateRoleUsers'];
const writesAs = (asked: Asked, command: string): boolean =>
  asked.command === command || (BATCHES.includes(asked.command) && MEMBERSHIPS.includes(command));

/** Claims are taken and given back as a command goes on, and a catalogue comes in parts. */
const CHANGED = /^rolebook\.(?:role|user|account)-/;
const isChange = ({ stream, isFence }: LoggedAppend): boolean => !isFence && CHANGED.test(stream);

/**
 * True if the answer told the position of its own change. Under a key it may also have told an earlier one: there was nothing
 * to change then, which is decided again each time, and a later request with the key wrote.
 */
function isPlaced(
  { key, mustWrite }: Asked,
  position: string | null,
  own: readonly LoggedAppend[],
  order: ReadonlyMap<string, number>,
): boolean {
  if (own.some((append) => append.position === position)) return true;
  if (key === null || mustWrite) return false;
  const at = position === null ? -1 : order.get(position);
  return at !== undefined && own.every((append) => at < (order.get(append.position) ?? -1));
}

/** A key means one change of one role or user; the same key may serve another. */
const isOn = ({ about }: LoggedAppend, { target }: Asked): boolean =>
  target === null || about === null || about === target;

function doubledIn(byCommand: ReadonlyMap<string, readonly LoggedAppend[]>): string[] {
  const doubled: string[] = [];
  for (const [commandId, appends] of byCommand) {
    const once = appends.filter((append) => isChange(append) && !append.isBar);
    const places = once.map(({ stream, about }) => `${stream} about ${about}`);
    if (new Set(places).size < places.length) doubled.push(`command ${commandId} on ${places.join(', ')}`);
  }
  return doubled;
}

/** Follows from the key, so that it is known before any answer comes. */
export function commandIdOf({ account, user, command, key }: Asked, ids?: KeyedIds): string {
  const actor = user === null ? { type: 'operator', id: 'operator' } : { type: 'user', id: user };
  const context = {
    account,
    actor: actor as { type: 'user' | 'operator'; id: string },
    requestId: '',
    idempotencyKey: key,
  };
  return identify({ type: command } as Command, context, { ids }).commandId;
}

const told = ({ command, requestId, key }: Asked, position: string | null): string =>
  `${command} of request ${requestId}${key === null ? '' : ` with key ${key}`}, answered at ${position ?? 'no position'}`;

function grouped<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
