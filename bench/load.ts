import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile, timed } from './stats';

/** Clients that keep their connections, in this process: with one server that leaves each a core of two. */

export interface Target {
  readonly url: string;
  readonly token?: string;
  /** Left out: that of GraphQL. */
  readonly path?: string;
}

/** A request as GraphQL clients send it. */
export interface Operation {
  readonly query: string;
  readonly variables?: object;
}

export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export class Clients {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #path: string;

  constructor(
    { url, token, path = '/graphql' }: Target,
    readonly count: number,
  ) {
    this.#path = path;
    this.#pool = new Pool(url, { connections: count, pipelining: 1 });
    this.#headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
  }

  /** @throws Error for any answer that is not what was asked for: a fast refusal is no figure */
  async send<Data>(operation: Operation): Promise<{ readonly data: Data; readonly extensions?: object }> {
    return JSON.parse(await this.#ask(operation)) as { data: Data };
  }

  async #ask(operation: object): Promise<string> {
    const { statusCode, body } = await this.#pool.request({
      path: this.#path,
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify(operation),
    });
    const text = await body.text();
    if (statusCode !== 200 || text.includes('"errors":[{') || text.includes('"projected":false'))
      throw new Error(`Not an answer: ${statusCode} ${text.slice(0, 500)}`);
    return text;
  }

  /** Every client sends its next request when it has the answer to its last one. */
  async closedLoop(next: () => object, until: { requests: number } | { seconds: number }): Promise<Load> {
    const samples: number[] = [];
    const began = performance.now();
    let sent = 0;
    const more = (): boolean =>
      'requests' in until ? sent++ < until.requests : performance.now() - began < until.seconds * 1_000;
    const client = async (): Promise<void> => {
      while (more()) samples.push(await timed(() => this.#ask(next())));
    };
    await Promise.all(Array.from({ length: this.count }, client));
    return summary(samples, performance.now() - began);
  }

  /**
   * Requests at a steady rate while something goes on, whether or not earlier ones were answered; a wait counts from
   * when the request was due, so that a server which stands still is not asked less.
   */
  async steadily(perSecond: number, next: () => Operation, meanwhile: Promise<unknown>): Promise<Load> {
    const samples: number[] = [];
    const answers: Promise<unknown>[] = [];
    let going = true;
    const done = meanwhile.finally(() => (going = false));
    done.catch(() => undefined);
    const began = performance.now();
    for (let n = 0; going; n += 1) {
      const due = began + (n * 1_000) / perSecond;
      await sleep(Math.max(0, due - performance.now()));
      const answer = this.#ask(next()).then(() => samples.push(performance.now() - due));
      answer.catch(() => (going = false));
      answers.push(answer);
    }
    await Promise.all([done, ...answers]);
    return summary(samples, performance.now() - began);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

const summary = (samples: readonly number[], ms: number): Load => ({
  perSecond: samples.length / (ms / 1_000),
  p50: percentile(samples, 0.5),
  p99: percentile(samples, 0.99),
});
