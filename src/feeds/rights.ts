import type { FastifyRequest } from 'fastify';
import type { ReadModels } from '../../projections/view';
import type { DecisionReads } from '../commands/decision-reads';
import { VIEW_USERS } from '../graphql/caller';
import type { Identity } from '../http/authentication/identity';
import { lacking } from '../http/failure';
import type { Guard } from '../http/guard';

/** Rights of a reader, for as long as the feed is open. */

export interface RightsSources {
  readonly guard: Pick<Guard, 'again'>;
  readonly reads: Pick<DecisionReads, 'rights'>;
  readonly readModels: Pick<ReadModels, 'status'>;
  /** Permission that the reader has for as long as the feed is open; null: none. */
  readonly needs: string | null;
}

export class ReaderRights {
  #askedAt = performance.now();
  #ordinal: number | null = null;
  #names = false;

  constructor(
    private readonly request: FastifyRequest,
    private readonly identity: Identity,
    private readonly sources: RightsSources,
    /** Time in milliseconds after which the token or session is looked at again. */
    private readonly again: number,
  ) {}

  /** True if the reader may see names. Rights are those of now: what changed them was projected. */
  get names(): boolean {
    return this.#names;
  }

  /**
   * Demands that the reader still may read: the token or session holds, the user is active and has the right.
   * @throws RequestError `UNAUTHENTICATED`, `FORBIDDEN`
   */
  async demand(): Promise<void> {
    const now = performance.now();
    const isDue = now - this.#askedAt >= this.again;
    if (isDue) {
      await this.sources.guard.again(this.request);
      this.#askedAt = now;
    }
    const { ordinal } = this.sources.readModels.status();
    // Rights follow from the tables alone.
    if (ordinal !== this.#ordinal) this.#look();
    this.#ordinal = ordinal;
  }

  #look(): void {
    const { identity, sources } = this;
    if (identity.kind === 'operator') {
      this.#names = true;
      return;
    }
    const rights = sources.reads.rights(identity.account, identity.user);
    if (sources.needs !== null && !rights.may(sources.needs)) throw lacking(sources.needs);
    this.#names = rights.may(VIEW_USERS);
  }
}
