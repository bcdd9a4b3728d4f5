import type { Command } from '../../../src/commands/command';
import { ACCOUNT, ADMIN, type TestServer } from '../harness';

/** Reads feeds over HTTP as clients do. */

export interface ReadOptions {
  /** Token; left out: that of the admin; null: none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an event is looked into by what a test expects
export type Line = Record<string, any>;

/** A server, as whoever reads its feeds knows it. */
export type Served = Pick<TestServer, 'url' | 'token'>;

export async function get(
  server: Served,
  query: Readonly<Record<string, string>> | string = {},
  { token, headers }: ReadOptions = {},
  signal?: AbortSignal,
): Promise<Response> {
  const bearer = token === undefined ? await server.token(ADMIN) : token;
  const search = typeof query === 'string' ? query : String(new URLSearchParams(query));
  return fetch(`${server.url}/events?${search}`, {
    signal,
    headers: { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
  });
}

export interface FeedPage {
  readonly events: readonly Line[];
  readonly end: Line;
}

/** A page of NDJSON, which must be whole. */
export async function page(
  server: Served,
  query: Readonly<Record<string, string>> = {},
  options: ReadOptions = {},
): Promise<FeedPage> {
  const response = await get(server, query, options);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const end = lines.pop()!;
  expect(end.end).toBe(true);
  return { events: lines, end };
}

/** Status and code of a refusal. */
export async function refusal(
  server: Served,
  query: Readonly<Record<string, string>> | string = {},
  options: ReadOptions = {},
): Promise<[status: number, code: string]> {
  const response = await get(server, query, options);
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return [response.status, errors[0]!.extensions.code];
}

/** One thing that a feed said, whatever it is written in. */
export interface Said {
  /** `event`, `heartbeat`, `end` or `reset`. */
  readonly kind: string;
  readonly id: string | null;
  readonly data: Line;
}

/** A feed that stays open, read as it comes. */
export class OpenFeed {
  readonly said: Said[] = [];
  readonly ended: Promise<void>;
  readonly #closing = new AbortController();
  #wake: () => void = () => undefined;
  #isOver = false;

  private constructor(
    readonly response: Response,
    isSse: boolean,
  ) {
    this.ended = this.#read(isSse).catch(() => undefined);
  }

  static async open(
    server: Served,
    query: Readonly<Record<string, string>> = {},
    { isSse = false, ...options }: ReadOptions & { readonly isSse?: boolean } = {},
  ): Promise<OpenFeed> {
    const headers = { accept: isSse ? 'text/event-stream' : 'application/x-ndjson', ...options.headers };
    const asked = isSse ? query : { follow: 'true', ...query };
    const response = await get(server, asked, { ...options, headers });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return new OpenFeed(response, isSse);
  }

  get events(): Line[] {
    return this.said.filter(({ kind }) => kind === 'event').map(({ data }) => data);
  }

  /** Resolves once something was said that fits; rejects if the feed ends before. */
  async until(fits: (said: Said) => boolean): Promise<Said> {
    for (let next = 0; ;) {
      for (; next < this.said.length; next += 1) if (fits(this.said[next]!)) return this.said[next]!;
      if (this.#isOver) throw new Error(`The feed ended: ${JSON.stringify(this.said.at(-1))}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.response.body?.cancel().catch(() => undefined);
    await this.ended;
  }

  async #read(isSse: boolean): Promise<void> {
    const separator = isSse ? '\n\n' : '\n';
    const decoder = new TextDecoder();
    const reader = this.response.body!.getReader();
    this.#closing.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
    try {
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (rest + decoder.decode(value, { stream: true })).split(separator);
        rest = parts.pop()!;
        for (const part of parts) this.#take(isSse ? ofFrame(part) : ofLine(part));
      }
    } finally {
      this.#isOver = true;
      this.#wake();
    }
  }

  #take(said: Said | null): void {
    if (said) this.said.push(said);
    this.#wake();
  }
}

function ofLine(text: string): Said {
  const data = JSON.parse(text) as Line;
  const kind = data.specversion ? 'event' : data.heartbeat ? 'heartbeat' : data.reset ? 'reset' : 'end';
  return { kind, id: null, data };
}

function ofFrame(text: string): Said | null {
  const fields = new Map(
    text.split('\n').map((each): [string, string] => {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(each) ?? [];
      return [name, value];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  return {
    kind: fields.get('event') ?? 'event',
    id: fields.get('id') ?? null,
    data: JSON.parse(data) as Line,
  };
}

/** Creates a role, and waits until it can be read; its id. */
export async function createRole(
  server: TestServer,
  role: Omit<Extract<Command, { type: 'createRole' }>, 'type'>,
): Promise<string> {
  const actor = { type: 'operator', id: 'test' } as const;
  const context = { account: ACCOUNT, actor, requestId: 'setup' };
  const outcome = await server.bus.execute({ type: 'createRole', ...role }, context);
  if (!outcome.accepted) throw new Error(JSON.stringify(outcome.refusals));
  await server.readModels.waitFor(outcome.position!, 5_000);
  return outcome.owner.id;
}
