import { LRUCache } from 'lru-cache';
import type { UnlinkedPerson, UnlinkedPersons } from '../../../graphql/user/unlinked-identity.type';
import type { NamedPerson } from './named';

/**
 * Persons whose tokens are sound and name no user. In memory alone: they are in no directory of this account, so that nothing
 * about them is written down, and whoever still wants in will try again.
 */
export class Unlinked implements UnlinkedPersons {
  private readonly accounts = new LRUCache<string, LRUCache<string, UnlinkedPerson>>({ max: MOST_ACCOUNTS });

  /** Takes note of an attempt. `at`: milliseconds since 1970. */
  note({ account, identity, username, name }: NamedPerson, why: string, at: number): void {
    const persons =
      this.accounts.get(account) ??
      new LRUCache<string, UnlinkedPerson>({ max: MOST_OF_ONE_ACCOUNT, ttl: KEPT_MS });
    this.accounts.set(account, persons);
    const person = { identity, username, name, why, at: new Date(at) };
    persons.set(JSON.stringify([identity.issuer, identity.subject]), person);
  }

  of(account: string): readonly UnlinkedPerson[] {
    return [...(this.accounts.get(account)?.values() ?? [])];
  }
}

const MOST_ACCOUNTS = 100;
const MOST_OF_ONE_ACCOUNT = 100;
const KEPT_MS = 7 * 86_400_000;
