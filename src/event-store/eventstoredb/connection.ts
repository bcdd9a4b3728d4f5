import type { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { internals, newClient, type CallArguments } from './client';
import { ReplacedError, SilenceError } from './errors';
import type { StoreLogger, Target } from './options';
import { within } from './timing';

/** A gRPC call, reduced to the one operation needed here: to end it. */
interface Call {
  cancel(): void;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** One client, replaced by a new one when its server falls silent. */
export class Connection {
  #client: EventStoreDBClient;
  #used = false;
  /** Reasons for which earlier clients were given up; the index is the client's generation. */
  readonly #replaced: string[] = [];
  readonly #retiring = new Set<Promise<void>>();
  /** Called with the reason when `replace` has given up a client. */
  onReplaced: (reason: string) => void = () => undefined;

  constructor(
    private readonly target: Target,
    private readonly purpose: string,
    private readonly connectMs: number,
    private readonly logger: StoreLogger,
  ) {
    this.#client = newClient(target.connectionString);
  }

  /** More than one node: when one is gone, another may lead. */
  get cluster(): boolean {
    return this.target.cluster;
  }

  /** Generation of the current client. A call keeps it, to name its client to `replace`. */
  get generation(): number {
    return this.#replaced.length;
  }

  /**
   * Returns the reason that a call on a client failed: a client that is given up ends all its calls, and reports each
   * only as cancelled.
   */
  explain(generation: number, error: Error): Error {
    const reason = this.#replaced[generation];
    return reason === undefined || error instanceof SilenceError ? error : new ReplacedError(reason, error);
  }

  /**
   * Starts a call on the node that the client has found, within the time to connect. Only the leader may answer, reads
   * too: a follower may still lack acknowledged events, and a command would be decided without them.
   */
  async open<T extends Call>(
    name: string,
    create: (streams: StreamsClient, args: CallArguments) => T,
  ): Promise<T> {
    this.#used = true;
    const { generation } = this;
    const client = internals(this.#client);
    let abandoned = false;
    const opening = client.GRPCStreamCreator(StreamsClient, name, (streams) => {
      // The time limits are kept here: gRPC does not keep its own while a server is silent.
      const call = create(streams, client.callArguments({ requiresLeader: true }, { deadline: Infinity }));
      call.on('error', () => undefined);
      if (abandoned) call.cancel();
      return call;
    })();
    try {
      return await within(this.connectMs, opening, () => new SilenceError('connecting', this.connectMs));
    } catch (error) {
      abandoned = true;
      opening.catch(() => undefined);
      throw error instanceof Error ? this.explain(generation, error) : error;
    }
  }

  /** Gives up a client whose server is silent; once per client, however many calls notice. */
  replace(generation: number, reason: string): void {
    if (generation !== this.generation) return;
    this.renew(reason);
    this.onReplaced(reason);
  }

  /** Continues with a new client. Calls of the old one end. */
  renew(reason: string): void {
    this.#replaced.push(reason);
    this.logger.warn({ connection: this.purpose, reason }, 'the connection to EventStoreDB is replaced');
    const old = this.#client;
    const used = this.#used;
    this.#client = newClient(this.target.connectionString);
    this.#used = false;
    if (used) this.#retire(old);
  }

  async close(): Promise<void> {
    if (this.#used) this.#retire(this.#client);
    this.#used = false;
    await Promise.all(this.#retiring);
  }

  /** Ends the calls and frees the socket, which the client's own `dispose` would keep. */
  #retire(client: EventStoreDBClient): void {
    const retire = async (): Promise<void> => {
      await client.dispose();
      (await internals(client).getChannel()).close();
    };
    const done: Promise<void> = within(RETIRE_MS, retire(), () => new SilenceError('closing', RETIRE_MS))
      .catch(() => undefined)
      .then(() => void this.#retiring.delete(done));
    this.#retiring.add(done);
  }
}

const RETIRE_MS = 1_000;
