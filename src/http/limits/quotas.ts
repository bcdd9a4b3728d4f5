import type { Caller } from '../../graphql/caller';
import { rateLimited, rateLimitHeaders, type RateLimits, type Standing } from './rate-limits';

/**
 * Takes what requests of GraphQL need from the quotas of their callers, and keeps what is left for their answers. Each
 * request has a `Caller` of its own; Apollo copies the context around it.
 */
export class Quotas {
  private readonly standings = new WeakMap<Caller, Standing[]>();

  constructor(private readonly limits: RateLimits) {}

  /** @throws RequestError `RATE_LIMITED` */
  async request(caller: Caller): Promise<void> {
    this.keep(caller, await this.limits.request(caller));
  }

  /** @throws RequestError `RATE_LIMITED` */
  async charge(caller: Caller, cost: number): Promise<void> {
    this.keep(caller, await this.limits.charge(caller, cost));
  }

  /** Headers of the answer. */
  headersOf(caller: Caller): Record<string, string> {
    return rateLimitHeaders(this.standings.get(caller) ?? []);
  }

  private keep(caller: Caller, standing: Standing | null): void {
    if (standing === null) return;
    this.standings.set(caller, [...(this.standings.get(caller) ?? []), standing]);
    if (standing.exceeded) throw rateLimited(standing);
  }
}
