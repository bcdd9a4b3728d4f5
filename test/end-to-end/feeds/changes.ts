import type { Random } from '../../long/random';
import type { ServerProcess, Settings } from '../installation';

/** Changes of roles and users by writers at several replicas. */

/** Most users that one mutation assigns and unassigns. */
const AT_ONCE = 40;

/** Place from which roles are changed, and users among whom. */
export interface Desk {
  readonly server: ServerProcess;
  /** Headers of its requests; none: as the token of the server says. */
  readonly headers?: Settings;
  readonly users: readonly string[];
  /** Beginning of the names of its roles. */
  readonly name: string;
}

interface Payload {
  readonly role: { readonly id: string } | null;
  readonly errors: readonly { readonly code: string }[];
}

export class Writer {
  /** Changes that were made: a membership, a name. */
  made = 0;
  readonly #members = new Set<string>();
  #role: string | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly random: Random,
  ) {}

  /** Makes the next change, of a role that only this writer changes. */
  async change(): Promise<void> {
    const { random } = this;
    if (this.#role === null) return this.#create();
    if (random.chance(0.05)) return this.#rename(this.#role);
    if (random.chance(0.01)) return this.#delete(this.#role);
    const { users: all } = this.desk;
    const users = [...new Set([random.pick(all), ...random.some(all, AT_ONCE - 1)])];
    const unassignUserIds = users.filter((user) => this.#members.has(user));
    const assignUserIds = users.filter((user) => !this.#members.has(user));
    await this.#send('updateRole', { id: this.#role, assignUserIds, unassignUserIds });
    for (const user of assignUserIds) this.#members.add(user);
    for (const user of unassignUserIds) this.#members.delete(user);
    this.made += users.length;
  }

  async #create(): Promise<void> {
    const { role } = await this.#send('createRole', { name: this.#newName() });
    this.#role = role!.id;
    this.#members.clear();
    this.made += 1;
  }

  async #rename(id: string): Promise<void> {
    await this.#send('updateRole', { id, name: this.#newName() });
    this.made += 1;
  }

  async #delete(id: string): Promise<void> {
    await this.#send('deleteRole', { id });
    this.#role = null;
    this.made += 1;
  }

  #newName(): string {
    return `${this.desk.name} ${this.made}`;
  }

  async #send(verb: string, input: object): Promise<Payload> {
    const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
    const role = verb === 'deleteRole' ? '' : 'role { id }';
    const { data, errors } = await this.desk.server.graphql<{ done: Payload } | null>(
      `mutation ($input: ${type}!) { done: ${verb}(input: $input) { ${role} errors { code } } }`,
      { input },
      this.desk.headers,
    );
    const refused = errors ?? data?.done.errors ?? [];
    if (refused.length > 0) throw new Error(`${verb} was not done: ${JSON.stringify(refused)}`);
    return data!.done;
  }
}
