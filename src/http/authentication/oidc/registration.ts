import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v4 } from 'uuid';
import type { ReadModels } from '../../../../projections/view';
import { CommandError, type CommandBus } from '../../../commands/command';
import type { DecisionReads } from '../../../commands/decision-reads';
import type { ExternalIdentity } from '../../../domain/user/events';
import { RequestError } from '../../../graphql/errors';
import { issuerActor } from './issuer-actor';
import type { NamedPerson } from './named';
import type { Unlinked } from './unlinked';

/** Users who come to be by the first use of an access token. */

export interface RegistrationTools {
  readonly bus: CommandBus;
  readonly reads: Pick<DecisionReads, 'userByIdentity'>;
  readonly readModels: Pick<ReadModels, 'waitFor'>;
  /** Limit of the wait for the tables to show a registration, in milliseconds. */
  readonly projectionWaitMs: number;
  readonly persons: Pick<Unlinked, 'note'>;
  /** Called with an identity that cannot become a user, and the code of why not: once in an hour for each. */
  readonly onUnlinked: (person: NamedPerson, code: string) => void;
}

/** Time for which a refused registration is not tried again. Whoever is linked meanwhile signs in at once. */
const REFUSED_MS = 600_000;

/** Registers persons; requests that come at once for one of them share one command. */
export class Registrations {
  private readonly running = new Map<string, Promise<string | null>>();
  /** Codes of registrations that were refused a moment ago: a token that goes on asking writes nothing more. */
  private readonly refused = new LRUCache<string, string>({ max: 10_000, ttl: REFUSED_MS });
  private readonly told = new LRUCache<string, true>({ max: 1_000, ttl: 3_600_000 });

  constructor(private readonly tools: RegistrationTools) {}

  /**
   * The user whom an identity became; null if it cannot become one: a username that is taken stays whose it is.
   * @throws RequestError if that cannot be decided now
   */
  userOf(person: NamedPerson): Promise<string | null> {
    const key = keyOf(person.account, person.identity);
    const refused = this.refused.get(key);
    if (refused !== undefined) return Promise.resolve(this.unlinked(person, refused));
    const running =
      this.running.get(key) ?? this.register(person, key).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  /** Tells of an identity that is linked to nobody. */
  unlinked(person: NamedPerson, code: string): null {
    const key = keyOf(person.account, person.identity);
    this.tools.persons.note(person, code, Date.now());
    if (!this.told.has(key)) this.tools.onUnlinked(person, code);
    this.told.set(key, true);
    return null;
  }

  private async register(person: NamedPerson, idempotencyKey: string): Promise<string | null> {
    const { bus, reads, readModels, projectionWaitMs } = this.tools;
    const { account, identity, username, name } = person;
    if (username === null) return this.unlinked(person, 'NO_USERNAME');
    const outcome = await bus
      .execute(
        { type: 'registerUser', username, name: name ?? username, identity },
        { account, actor: issuerActor(identity.issuer), requestId: v4(), idempotencyKey },
      )
      .catch((error: unknown) => {
        throw error instanceof CommandError ? new RequestError(error.code, error.message, {}, 503) : error;
      });
    if (outcome.position !== null && !(await readModels.waitFor(outcome.position, projectionWaitMs)))
      throw new RequestError('STALE_REPLICA', 'This replica does not show the registration yet. Try again.');
    // Looked up: a user of before may be unlinked or erased since, or be registered by another replica just now.
    const user = reads.userByIdentity(account, identity);
    if (user !== null) return user;
    const code = outcome.accepted ? 'UNLINKED' : (outcome.refusals[0]?.code ?? 'REFUSED');
    this.refused.set(idempotencyKey, code);
    return this.unlinked(person, code);
  }
}

/** Key of the one registration of an identity in an account. The id of the user follows from it, with a secret. */
const keyOf = (account: string, { issuer, subject }: ExternalIdentity): string =>
  hash('sha256', JSON.stringify([account, issuer, subject]));
