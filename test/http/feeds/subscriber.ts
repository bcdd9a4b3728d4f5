import { createClient, type Client } from 'graphql-ws';
import WebSocket, { type ClientOptions } from 'ws';
import { ADMIN, type AnyData, type TestServer } from '../harness';

/** Subscribes over a WebSocket as clients do, by the client of `graphql-ws`. */

export const socketUrl = ({ url }: Pick<TestServer, 'url'>): string => `${url.replace('http', 'ws')}/graphql`;

export const LOG = `subscription Log($after: Position, $filter: LogEventFilter) {
  logEvents(afterPosition: $after, filter: $filter) { position event { id type position data account } } }`;

/** The error that a subscription ended with. */
export interface Ended {
  readonly message: string;
  readonly extensions: AnyData;
}

export interface SubscriberOptions {
  /** Token in `connection_init`; left out: that of the admin; null: none. */
  readonly token?: string | null;
  /** Headers of the upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A socket that is open. */
export class Subscriber {
  readonly client: Client;
  /** Code and reason with which the socket was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #socket: WebSocket | null = null;

  static async open(server: TestServer, { token, headers }: SubscriberOptions = {}): Promise<Subscriber> {
    return new Subscriber(server, token === undefined ? await server.token(ADMIN) : token, headers);
  }

  private constructor(server: TestServer, token: string | null, headers?: Readonly<Record<string, string>>) {
    let closed: (event: { code: number; reason: string }) => void;
    this.closed = new Promise((resolve) => (closed = resolve));
    this.client = createClient({
      url: socketUrl(server),
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers } as ClientOptions);
        }
      },
      ...(token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
      retryAttempts: 0,
      on: {
        opened: (socket) => (this.#socket = socket as WebSocket),
        closed: (event) => closed(event as { code: number; reason: string }),
      },
    });
  }

  /** The socket below. */
  get socket(): WebSocket {
    return this.#socket!;
  }

  subscribe(query: string = LOG, variables: object = {}): Subscription {
    return new Subscription(this.client, query, variables);
  }
}

/** A subscription, read as it comes. */
export class Subscription {
  readonly messages: AnyData[] = [];
  /** Null where it was completed; a close of the socket where nothing else was said. */
  readonly ended: Promise<Ended | { readonly code: number; readonly reason: string } | null>;
  readonly leave: () => void;
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(client: Client, query: string, variables: object) {
    let end: (error: Ended | null) => void;
    this.ended = new Promise((resolve) => (end = resolve));
    const over = (error: unknown): void => {
      this.#isOver = true;
      end(Array.isArray(error) ? (error[0] as Ended) : (error as Ended | null));
      this.#wake();
    };
    this.leave = client.subscribe<AnyData>(
      { query, variables: { ...variables } },
      {
        next: (message) => {
          this.messages.push(message as AnyData);
          this.#wake();
        },
        error: over,
        complete: () => over(null),
      },
    );
  }

  /** Events of `logEvents`. */
  get events(): AnyData[] {
    return this.messages.flatMap(({ data }) => (data?.logEvents?.event ? [data.logEvents.event] : []));
  }

  /** Resolves to the first message that fits; rejects if the subscription ends before. */
  async until(fits: (message: AnyData) => boolean): Promise<AnyData> {
    for (let next = 0; ;) {
      for (; next < this.messages.length; next += 1)
        if (fits(this.messages[next]!)) return this.messages[next]!;
      if (this.#isOver) throw new Error(`It ended: ${JSON.stringify(await this.ended)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Resolves once the feed has caught up. */
  caughtUp(): Promise<AnyData> {
    return this.until(({ data }) => data?.logEvents?.event === null);
  }
}
