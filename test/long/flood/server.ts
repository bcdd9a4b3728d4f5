import { once } from 'node:events';
import { get } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { Installation, type ServerProcess } from '../../end-to-end/installation';
import { freePort } from '../../free-port';

/** Memory of a server after a forced collection, in bytes. */
export interface Held {
  readonly main: number;
  /** The projector’s thread; null where it did not answer. */
  readonly projector: number | null;
  readonly rss: number;
}

/** Long waits, so that a busy machine is not taken for a fault. */
const PATIENT = { ROLEBOOK_MIN_POSITION_WAIT_MS: '60000', ROLEBOOK_PROJECTION_WAIT_MS: '60000' };

const LOOK_EVERY_MS = 20;

/** A server in a process of its own, which can be killed and started again at the same address. */
export class FloodServer {
  readonly installation = new Installation();
  readonly #port: number;
  readonly #clients: number;
  readonly #probe: string;
  #server: ServerProcess | null = null;
  #pool: Pool | null = null;
  #serves: Promise<void> = Promise.resolve();
  #logs = '';

  private constructor(port: number, clients: number) {
    this.#port = port;
    this.#clients = clients;
    this.#probe = path.join(this.installation.directory, 'heap.sock');
  }

  static async start(clients: number): Promise<FloodServer> {
    const server = new FloodServer(await freePort(), clients);
    await server.#start();
    return server;
  }

  async #start(): Promise<void> {
    const hook = path.join(process.cwd(), 'dist', 'test', 'long', 'flood', 'heap-probe.js');
    this.#server = await this.installation.start({
      ...PATIENT,
      PORT: String(this.#port),
      // A killed server leaves its socket behind, so that each start has one of its own.
      HEAP_PROBE_SOCKET: `${this.#probe}.${(this.#starts += 1)}`,
      NODE_OPTIONS: `--require ${JSON.stringify(hook)}`,
    });
    this.#pool = new Pool(this.#server.url, { connections: this.#clients, pipelining: 1 });
  }
  #starts = 0;

  get process(): ServerProcess {
    if (!this.#server) throw new Error('The server does not run.');
    return this.#server;
  }

  readonly pool = (): Pool => {
    if (!this.#pool) throw new Error('The server does not run.');
    return this.#pool;
  };

  #down = false;
  readonly isDown = (): boolean => this.#down;
  readonly serves = (): Promise<void> => this.#serves;

  /** Kills it at once and starts it again. Whoever waits for `serves` goes on when it does. */
  async killAndStart(): Promise<void> {
    const pool = this.pool();
    this.#down = true;
    let open = (): void => undefined;
    this.#serves = new Promise((resolve) => (open = resolve));
    try {
      await this.process.kill();
      this.#logs += this.process.log();
      await pool.destroy();
      await this.#start();
    } finally {
      this.#down = false;
      open();
    }
  }

  /**
   * Looked at while nothing is in flight and nothing new is sent: what requests under way hold follows from which they
   * are, and they hold no more once they are answered.
   */
  async held(): Promise<Held> {
    let open = (): void => undefined;
    this.#serves = new Promise((resolve) => (open = resolve));
    try {
      while (this.pool().stats.size > 0) await sleep(LOOK_EVERY_MS);
      return await this.#probed();
    } finally {
      open();
    }
  }

  async #probed(): Promise<Held> {
    const request = get({ socketPath: `${this.#probe}.${this.#starts}` });
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    return JSON.parse(await text(response)) as Held;
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    await this.#pool?.close();
    const code = await this.process.stop();
    this.#logs += this.process.log();
    this.#server = null;
    return code;
  }

  /** Lines of its log that tell of a fault of its own. */
  faultsLogged(): string[] {
    const all = this.#logs + (this.#server?.log() ?? '');
    return all
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line) || (line !== '' && !line.startsWith('{')));
  }

  remove(): void {
    this.installation.remove();
  }
}
