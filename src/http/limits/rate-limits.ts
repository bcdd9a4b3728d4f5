import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../../config/config';
import { RequestError } from '../../graphql/errors';
import { networkOf } from '../caller-address';

/**
 * Limits of what one caller may ask in a time, by the number of requests and by their cost, and of what one address may
 * send of tokens that fail. Each replica counts for itself. Each limit holds in windows that begin with a first request.
 */

/** State of one limit for one caller, as the headers `RateLimit` and `RateLimit-Policy` tell it. */
export interface Standing {
  readonly policy: string;
  readonly quota: number;
  readonly windowS: number;
  readonly remaining: number;
  /** Seconds until the quota is whole again. */
  readonly resetS: number;
  /** True if more was asked than was left; then nothing was taken. */
  readonly exceeded: boolean;
}

const MINUTE_S = 60;
/** Tokens that fail, of one address in a minute: more than people behind one proxy send by mistake. */
const FAILURES_A_MINUTE = 100;

/** One limit: a quota for each key in each window. */
class Limit {
  private readonly limiter: RateLimiterMemory;

  constructor(
    private readonly policy: string,
    private readonly quota: number,
    private readonly windowS: number,
  ) {
    this.limiter = new RateLimiterMemory({ points: quota, duration: windowS });
  }

  /** Takes points of the quota of a key, or none if fewer are left. */
  async take(key: string, points: number): Promise<Standing> {
    try {
      return this.standing(await this.limiter.consume(key, points), false);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      // A request that is refused costs nothing: a smaller one may follow at once.
      return this.standing(await this.limiter.reward(key, points), true);
    }
  }

  private standing({ remainingPoints, msBeforeNext }: RateLimiterRes, exceeded: boolean): Standing {
    const { policy, quota, windowS } = this;
    const resetS = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    return { policy, quota, windowS, remaining: remainingPoints, resetS, exceeded };
  }
}

/** The refusal of a request whose caller asks more in a time than a limit allows. */
export const rateLimited = ({ policy, quota, windowS, resetS }: Standing): RequestError =>
  new RequestError(
    'RATE_LIMITED',
    `The limit of ${policy} is ${quota} in ${windowS} s. Try again in ${resetS} s.`,
    { retryAfter: resetS },
  );

type Caller = { readonly account: string; readonly user: string };

export class RateLimits {
  private readonly requests: Limit | null;
  private readonly cost: Limit | null;
  private readonly failures: Limit | null;

  constructor({ rateLimit, costLimit }: Pick<Config, 'rateLimit' | 'costLimit'>) {
    this.requests = rateLimit > 0 ? new Limit('requests', rateLimit, 1) : null;
    this.cost = costLimit > 0 ? new Limit('cost', costLimit, MINUTE_S) : null;
    this.failures = rateLimit > 0 ? new Limit('failed tokens', FAILURES_A_MINUTE, MINUTE_S) : null;
  }

  /** Counts a request; null where there is no limit. */
  async request(caller: Caller): Promise<Standing | null> {
    return (await this.requests?.take(keyOf(caller), 1)) ?? null;
  }

  /** Counts the cost of a request, before it runs; null where there is no limit. */
  async charge(caller: Caller, cost: number): Promise<Standing | null> {
    return (await this.cost?.take(keyOf(caller), Math.ceil(cost))) ?? null;
  }

  /** Counts a token that failed. Good ones of the same address are not concerned. @throws RequestError `RATE_LIMITED` */
  async failure(address: string): Promise<void> {
    const standing = await this.failures?.take(networkOf(address), 1);
    if (standing?.exceeded) throw rateLimited(standing);
  }
}

const keyOf = ({ account, user }: Caller): string => `${account} ${user}`;

/** The headers of an answer that tell how much is left, as of draft 11 of the IETF's RateLimit header fields. */
export function rateLimitHeaders(standings: readonly Standing[]): Record<string, string> {
  if (standings.length === 0) return {};
  const policies = standings.map(({ policy, quota, windowS }) => `"${policy}";q=${quota};w=${windowS}`);
  const limits = standings.map(({ policy, remaining, resetS }) => `"${policy}";r=${remaining};t=${resetS}`);
  return { 'ratelimit-policy': policies.join(', '), ratelimit: limits.join(', '), ...retryAfter(standings) };
}

function retryAfter(standings: readonly Standing[]): Record<string, string> {
  const exceeded = standings.find((each) => each.exceeded);
  return exceeded ? { 'retry-after': String(exceeded.resetS) } : {};
}
