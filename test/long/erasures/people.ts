import type { Answer, ServerProcess } from '../../end-to-end/installation';
import type { Random } from '../random';

/** Somebody who was registered, and all that is known of it. */
export interface Person {
  readonly id: string;
  username: string;
  /** Words of all names and usernames that were sent for the person, acknowledged or not. */
  readonly words: Set<string>;
  /** `asked`: no answer came. */
  erased: 'no' | 'asked' | 'acknowledged';
  released: boolean;
}

interface Settled {
  readonly user: { readonly id: string } | null;
  readonly errors: readonly { readonly code: string }[];
}

/** Load of random changes of users, and a record of what was acknowledged. */
export class People {
  readonly all: Person[] = [];
  /** Codes of refusals and errors that no change here should come to. */
  readonly unexpected: string[] = [];
  /** Usernames that two requests at once were both given. */
  readonly borneTwice: string[] = [];
  readonly counts = { registered: 0, updated: 0, erased: 0, released: 0, unanswered: 0 };
  #words = 0;

  constructor(private readonly seed: number) {}

  /** Makes changes one after another until it is told to stop, or the server is gone. */
  async change(server: ServerProcess, random: Random, stopped: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(30_000);
    while (!stopped()) {
      try {
        await this.#one(server, random, signal);
      } catch {
        this.counts.unanswered += 1;
        return;
      }
    }
  }

  /** Somebody who may be erased: nobody asked for it yet. */
  pickLiving(random: Random): Person | null {
    const living = this.all.filter(({ erased }) => erased === 'no');
    return living.length > 3 ? random.pick(living) : null;
  }

  /** A word that nothing else contains, another word included; folded, it is the same. */
  word(): string {
    return `zq${this.seed}x${(this.#words += 1)}w`;
  }

  async #one(server: ServerProcess, random: Random, signal: AbortSignal): Promise<void> {
    const chosen = random.below(20);
    const living = this.pickLiving(random);
    if (living === null || chosen < 8) return this.#register(server, this.word(), signal);
    if (chosen < 12) return this.#update(server, living, signal);
    if (chosen < 16) return this.#erase(server, living, signal);
    const gone = this.all.filter(({ erased, released }) => erased === 'acknowledged' && !released);
    if (gone.length > 0) return this.#release(server, random.pick(gone), signal);
  }

  async #register(server: ServerProcess, username: string, signal: AbortSignal): Promise<void> {
    const name = this.word();
    const { user, errors } = await this.#mutate(server, 'registerUser', { username, name }, signal);
    if (!user) return this.#refused(errors, ['USERNAME_TAKEN']);
    this.counts.registered += 1;
    const { id } = user;
    this.all.push({ id, username, words: new Set([username, name]), erased: 'no', released: false });
  }

  async #update(server: ServerProcess, person: Person, signal: AbortSignal): Promise<void> {
    const [name, username] = [this.word(), this.word()];
    for (const word of [name, username]) person.words.add(word);
    const { user, errors } = await this.#mutate(
      server,
      'updateUser',
      { id: person.id, name, username },
      signal,
    );
    if (!user) return this.#refused(errors, ['USER_ERASED']);
    this.counts.updated += 1;
    person.username = username;
  }

  async #erase(server: ServerProcess, person: Person, signal: AbortSignal): Promise<void> {
    if (person.erased === 'no') person.erased = 'asked';
    const { user, errors } = await this.#mutate(server, 'eraseUser', { id: person.id }, signal);
    if (!user) return this.#refused(errors, []);
    this.counts.erased += 1;
    person.erased = 'acknowledged';
  }

  /** Releases a username, and registers two others under it at once. */
  async #release(server: ServerProcess, person: Person, signal: AbortSignal): Promise<void> {
    const { username } = person;
    // It may have been renamed again without an answer: then nothing suppresses the last username that is known.
    const { user, errors } = await this.#mutate(server, 'releaseUsername', { username }, signal);
    if (!user) return this.#refused(errors, ['NOT_FOUND', 'USERNAME_TAKEN']);
    person.released = true;
    // From now on the word is somebody else's.
    person.words.delete(username);
    this.counts.released += 1;
    const before = this.all.length;
    await Promise.all([this.#register(server, username, signal), this.#register(server, username, signal)]);
    const bearers = this.all.slice(before).filter((each) => each.username === username);
    if (bearers.length > 1) this.borneTwice.push(username);
  }

  async #mutate(server: ServerProcess, field: string, input: object, signal: AbortSignal): Promise<Settled> {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { user { id } errors { code } } }`;
    const { data, errors }: Answer<Record<string, Settled> | null> = await server.graphql(
      query,
      { input },
      {},
      signal,
    );
    const settled = data?.[field];
    if (settled) return settled;
    return { user: null, errors: (errors ?? []).map(({ extensions }) => extensions) };
  }

  #refused(errors: Settled['errors'], expected: readonly string[]): void {
    // A server that is being killed may still answer that its log is closed.
    const fine = [...expected, 'LOG_UNAVAILABLE', 'STALE_REPLICA'];
    this.unexpected.push(...errors.map(({ code }) => code).filter((code) => !fine.includes(code)));
  }
}
