import type { Position } from '../../event-store/port/event-store';
import type { UserRow } from '../../../projections/view';
import { operatorContext } from '../../operator/operator';
import { lastWritten, type OperatorAnswer } from '../../operator/operator-bus';
import type { OperatorTarget } from '../register-user';
import type { UserStatus } from './user-line';

/** Time limit of the wait until the tables show users who are known to be in the log, in milliseconds. */
const WAIT_MS = 30_000;

/** Changes a user to a status; returns the answers to its commands, none if the user has it. */
export type SetStatus = (user: string, status: UserStatus) => Promise<readonly OperatorAnswer[]>;

/**
 * Sets the statuses in a file. Each deactivation is decided on the stream of the account's admins, so they run one
 * after another; and only actual changes are sent.
 */
export class StatusSetter {
  /** Position of the last status that was set. */
  #last: Position | null = null;

  constructor(private readonly target: OperatorTarget) {}

  /** For users who have just been registered, or found. Those of an earlier call are done. */
  async of(registered: readonly OperatorAnswer[]): Promise<SetStatus> {
    const known = await this.#statuses(registered);
    return async (user, status) => {
      if (known.get(user) === status) return [];
      const { bus, account, record } = this.target;
      const type = status === 'ACTIVE' ? 'reactivateUser' : 'deactivateUser';
      const item = { command: { type, user } as const, context: operatorContext(account, record) };
      const answers = await bus.executeAll([item], { ahead: true });
      this.#last = later(this.#last, lastWritten(answers));
      if (answers[0]?.accepted) known.set(user, status);
      return answers;
    };
  }

  /**
   * New users are active; the tables have the status of others, once they have reached the position of the decision.
   */
  async #statuses(registered: readonly OperatorAnswer[]): Promise<Map<string, UserRow['status']>> {
    const known = new Map<string, UserRow['status']>();
    const found: string[] = [];
    let position = this.#last;
    for (const answer of registered) {
      if (!answer.accepted) continue;
      const user = answer.owner.id;
      if (answer.written > 0) known.set(user, 'ACTIVE');
      else {
        found.push(user);
        position = later(position, answer.position);
      }
    }
    const { readModels, account } = this.target;
    if (found.length === 0) return known;
    // Tables that do not reach it leave the status unknown, and the command decides.
    if (position !== null && !(await readModels.waitFor(position, WAIT_MS))) return known;
    for (const [user, { status }] of readModels.view(account).users(found))
      if (!known.has(user)) known.set(user, status);
    return known;
  }
}

const later = (a: Position | null, b: Position | null): Position | null =>
  b === null || (a !== null && a > b) ? a : b;
