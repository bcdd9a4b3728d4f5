import { LRUCache } from 'lru-cache';
import { v4 } from 'uuid';
import type { ReadModels } from '../../../../projections/view';
import type { CommandBus } from '../../../commands/command';
import type { DecisionReads } from '../../../commands/decision-reads';
import type { SeenTimes } from '../last-times';
import { issuerActor } from './issuer-actor';

/** Last sign-ins: on the record the first of a user in each UTC day, and beside it the latest that this replica saw. */

export interface LastLoginTools {
  readonly bus: CommandBus;
  readonly reads: Pick<DecisionReads, 'userStatus'>;
  readonly readModels: Pick<ReadModels, 'view'>;
  readonly signIns: SeenTimes;
  readonly onFailure: (error: unknown) => void;
}

interface Login {
  readonly account: string;
  readonly user: string;
  readonly issuer: string;
}

const DAY_MS = 86_400_000;
/** Pause after a sign-in that could not be recorded. */
const RETRY_MS = 60_000;
/** Number of users of whom it is known that nothing is to be recorded. */
const KNOWN_USERS = 100_000;

/** Records sign-ins beside the requests, which neither wait for that nor fail with it. */
export class LastLogins {
  /** Moments until which nothing is to be recorded of a user. */
  private readonly quiet = new LRUCache<string, number>({ max: KNOWN_USERS });

  constructor(private readonly tools: LastLoginTools) {}

  /** Takes note of a request. */
  seen(login: Login): void {
    const now = Date.now();
    const name = `${login.account}/${login.user}`;
    if ((this.quiet.get(name) ?? 0) > now) return;
    const day = Math.floor(now / DAY_MS);
    this.quiet.set(name, (day + 1) * DAY_MS);
    this.record(login, day).catch((error: unknown) => {
      this.quiet.set(name, now + RETRY_MS);
      this.tools.onFailure(error);
    });
  }

  /**
   * Takes note of the first use of a token, which is a sign-in. `issuedAt`: in milliseconds since 1970. One that was issued
   * before the latest sign-in that is known may have been used before, by way of another replica or before a restart.
   */
  signedIn({ account, user }: Login, issuedAt: number): void {
    const { reads, signIns } = this.tools;
    const key = { account, id: user };
    if ((signIns.last(key)?.getTime() ?? -Infinity) >= issuedAt) return;
    // The guard refuses the tokens of all others.
    if (reads.userStatus(account, [user]).get(user) === 'ACTIVE') signIns.seen(key, Date.now());
  }

  private async record({ account, user, issuer }: Login, day: number): Promise<void> {
    const { bus, reads, readModels } = this.tools;
    if (reads.userStatus(account, [user]).get(user) !== 'ACTIVE') return;
    const { lastLoginAt = null, kind } = readModels.view(account).users([user]).get(user) ?? {};
    if (kind === 'SERVICE') return;
    if (lastLoginAt !== null && lastLoginAt.getTime() >= day * DAY_MS) return;
    // Replicas that see the user on the same day give the same key: one of them records it.
    const idempotencyKey = `sign-in ${user} ${day}`;
    const actor = issuerActor(issuer);
    await bus.execute({ type: 'recordLogin', user }, { account, actor, requestId: v4(), idempotencyKey });
  }
}
