import type { UserEvent } from '../domain/user/events';
import type { EventStore, JsonObject, JsonValue, RecordedEvent } from '../event-store/port/event-store';
import { parseStream, userStream, type StreamName } from '../event-store/port/streams';
import type { AccountSealing } from './sealing';
import { userIdFor } from './user-id';

/**
 * Ids of users that were made from their usernames without a secret, in a log in clear: whoever guesses a username can
 * find them. A copy may have others in their stead, the same that a registration under the username would have there.
 */

/** Former users of one username whose ids are looked for; an import goes on to the next while one is taken. */
const MOST_GENERATIONS = 20;
/** Ids made from usernames, and random ones. */
const MADE = /^u_[0-9a-f]{20}$/;
const IN_CLEAR = { uuid: (former: string): string => former };

interface Source {
  readonly username: string;
  readonly generation: number;
}

export class NewUserIds {
  /** Usernames that ids were made of, by account and former id. */
  readonly #sources = new Map<string, Source>();

  /** Reads a log in clear for the users whose ids were made from their usernames. @throws EventStoreError */
  static async of(log: Pick<EventStore, 'readAll'>, onRead: (events: number) => void): Promise<NewUserIds> {
    const ids = new NewUserIds();
    let read = 0;
    for await (const event of log.readAll()) {
      ids.#learn(event);
      onRead((read += 1));
    }
    return ids;
  }

  #learn({ stream, type, data }: RecordedEvent): void {
    const place = parseStream(stream);
    if (type !== ('UserRegistered' satisfies UserEvent['type']) || place?.category !== 'user') return;
    const { id, account } = place;
    const { username } = data;
    if (id === null || !MADE.test(id) || typeof username !== 'string') return;
    for (let generation = 1; generation <= MOST_GENERATIONS; generation += 1) {
      if (userIdFor(IN_CLEAR, username, generation) !== id) continue;
      this.#sources.set(`${account}.${id}`, { username, generation });
      return;
    }
  }

  /** Number of users who get another id. */
  get size(): number {
    return this.#sources.size;
  }

  /** Id in the copy. */
  idOf(account: string, user: string, sealing: AccountSealing): string {
    const source = this.#sources.get(`${account}.${user}`);
    return source ? userIdFor(sealing, source.username, source.generation) : user;
  }

  /** An event in clear, with the ids of the copy in all places that name a user. */
  renamed(
    event: RecordedEvent,
    { category, account, id }: StreamName,
    sealing: AccountSealing,
  ): RecordedEvent {
    if (account === null) return event;
    const of = (user: JsonValue): JsonValue =>
      typeof user === 'string' ? this.idOf(account, user, sealing) : user;
    const data: Record<string, JsonValue> = { ...event.data };
    if (data['user'] !== undefined) data['user'] = of(data['user']);
    if (Array.isArray(data['users'])) data['users'] = data['users'].map(of);
    if (category === 'claim' && data['kind'] === 'USERNAME') data['owner'] = of(data['owner']!);
    const metadata: Record<string, JsonValue> = { ...event.metadata };
    if (metadata['actorType'] === 'user') metadata['actorId'] = of(metadata['actorId']!);
    const stream =
      category === 'user' && id !== null
        ? userStream(account, this.idOf(account, id, sealing))
        : event.stream;
    return { ...event, stream, data: data as JsonObject, metadata };
  }
}
