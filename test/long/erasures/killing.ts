import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation, ServerProcess } from '../../end-to-end/installation';
import type { Random } from '../random';
import type { Commands } from './commands';
import type { People, Person } from './people';

const CLIENTS = 3;
/** Longest time, in milliseconds, from the start of the load to a kill of the server. */
const LATEST_KILL_MS = 1_000;
/** Long waits, so that a busy machine is not taken for a fault. */
const PATIENT = { ROLEBOOK_PROJECTION_WAIT_MS: '60000' };

/** Rounds of load, in each of which somebody is killed. */
export class Killing {
  /** Kills of the server, of commands, and of the server beside a command. */
  readonly counts = { server: 0, command: 0, beside: 0 };
  /** Users who were not what was acknowledged, looked at after starts. */
  readonly differed: string[] = [];
  #server: ServerProcess | null = null;

  constructor(
    private readonly installation: Installation,
    private readonly people: People,
    private readonly commands: Commands,
    private readonly random: Random,
  ) {}

  get total(): number {
    return this.counts.server + this.counts.command + this.counts.beside;
  }

  async until(kills: number, say: (text: string) => void): Promise<void> {
    // Each command once to its end, so that it is known how long it takes.
    await this.#underLoad(async () => {
      for (const words of [this.commands.backup, this.commands.logCopy, this.commands.keysCopy])
        await this.commands.run(words);
      await this.commands.run(this.commands.rotation());
      await this.commands.run(this.commands.rotation());
    });
    while (this.total < kills) {
      await this.#underLoad((server) => this.#round(server));
      if (this.total % 20 === 0) say(`${this.total} of ${kills} kills`);
    }
    await this.#server?.stop();
    this.#server = null;
  }

  /** Kills the server, a command, or the server while a command runs. */
  async #round(server: ServerProcess): Promise<void> {
    const chosen = this.random.below(10);
    if (chosen < 4) {
      await sleep(this.random.below(LATEST_KILL_MS));
      await this.#kill(server);
      this.counts.server += 1;
    } else if (chosen < 8) {
      if (await this.commands.kill(this.commands.choose(this.random), this.random)) this.counts.command += 1;
    } else {
      const running = this.commands.run(this.commands.choose(this.random), true);
      await sleep(this.random.below(LATEST_KILL_MS));
      await this.#kill(server);
      this.counts.beside += 1;
      // It may have the log to itself now.
      await running;
    }
  }

  async #kill(server: ServerProcess): Promise<void> {
    this.#server = null;
    await server.kill();
  }

  async #underLoad(work: (server: ServerProcess) => Promise<void>): Promise<void> {
    const server = (this.#server ??= await this.#start());
    let stopped = false;
    const clients = Array.from({ length: CLIENTS }, () =>
      this.people.change(server, this.random.fork(), () => stopped),
    );
    await work(server);
    stopped = true;
    await Promise.all(clients);
  }

  /** Starts the server, and looks at some whose erasure or registration was acknowledged. */
  async #start(): Promise<ServerProcess> {
    const server = await this.installation.start(PATIENT);
    const { all } = this.people;
    const some = [
      ...all.filter(({ erased }) => erased === 'acknowledged').slice(-5),
      ...this.random.some(all, 5),
    ];
    this.differed.push(...(await faultsOf(server, some)));
    return server;
  }
}

/** Users of these whom the server shows otherwise than as what was acknowledged. */
export async function faultsOf(server: ServerProcess, people: readonly Person[]): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < people.length; from += 20) {
    const some = people.slice(from, from + 20);
    const fields = some.map(({ id }, index) => `u${index}: user(id: ${JSON.stringify(id)}) { name status }`);
    const { data } = await server.graphql<Record<string, { name: string; status: string } | null>>(
      `{ ${fields.join(' ')} }`,
    );
    some.forEach(({ id, erased }, index) => {
      const { name = 'nobody', status = 'missing' } = data[`u${index}`] ?? {};
      if (erased === 'acknowledged' && status !== 'ERASED') found.push(`${id}: ${status}, not erased`);
      if (erased === 'no' && status !== 'ACTIVE') found.push(`${id}: ${status}`);
      if (name.startsWith('Unreadable')) found.push(`${id}: ${name}`);
    });
  }
  return found;
}
