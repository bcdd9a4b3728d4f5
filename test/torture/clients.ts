import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ServerProcess } from '../end-to-end/installation';
import type { Ledger } from './ledger';
import type { Wish } from './wishes';

/** Codes that report an absent log; a sound client asks again, under the same key. */
const PASSING = ['LOG_UNAVAILABLE', 'STALE_REPLICA', 'CONTENTION', 'POSITION_NOT_REACHED'];
const PAUSE_MS = 200;
/** Time limit of an answer. */
const ANSWER_MS = 60_000;

interface Outcome {
  readonly errors: readonly { readonly code: string }[];
  readonly position: string;
  readonly projected: boolean;
}

/** Sends one wish once. @returns what came of it, or why it has to be asked for again */
export async function send(
  server: ServerProcess,
  { mutation, input, key }: Wish,
  minPosition?: string,
): Promise<Outcome | { readonly failed: string }> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation Torture($input: ${type}) {
    ${mutation}(input: $input) { errors { code } position projected } }`;
  try {
    const { data, errors }: Answer<Record<string, Outcome> | null> = await server.graphql(
      query,
      { input: { ...input, idempotencyKey: key } },
      minPosition ? { 'rolebook-min-position': minPosition } : {},
      AbortSignal.timeout(ANSWER_MS),
    );
    const outcome = data?.[mutation];
    return errors || !outcome ? { failed: errors?.[0]?.extensions.code ?? 'NO_ANSWER' } : outcome;
  } catch (error) {
    return { failed: error instanceof Error && error.name === 'TimeoutError' ? 'NO_ANSWER' : 'CONNECTION' };
  }
}

/** Clients that ask for one thing after the other, and ask again until it is acknowledged. */
export class Load {
  retries = 0;
  /** Answers that should never have come. */
  readonly violations: string[] = [];
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;
  #idle: (() => void)[] = [];
  #clients = 0;
  #waiting = 0;
  #stopped = false;

  constructor(
    private readonly servers: readonly ServerProcess[],
    private readonly ledger: Ledger,
  ) {}

  /** `home`: the replica it asks first. */
  async client(wishes: Iterator<Wish>, home: number): Promise<void> {
    this.#clients += 1;
    let position: string | undefined;
    while (!this.#stopped) {
      await this.#pass();
      position = await this.grant((wishes.next() as { value: Wish }).value, home, position);
    }
  }

  /** Asks until it is acknowledged, a failed attempt again at the next replica. @returns its position */
  async grant(wish: Wish, home: number, position?: string): Promise<string | undefined> {
    this.ledger.ask(wish);
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      const server = this.servers[(home + attempt) % this.servers.length]!;
      const outcome = await send(server, wish, position);
      if (!('failed' in outcome)) {
        for (const { code } of outcome.errors) this.violations.push(`${wish.mutation} ${wish.key}: ${code}`);
        this.ledger.acknowledge(wish, outcome.position);
        return outcome.position;
      }
      if (!PASSING.includes(outcome.failed)) this.violations.push(`${wish.mutation}: ${outcome.failed}`);
      this.retries += 1;
      await sleep(PAUSE_MS);
    }
    return position;
  }

  /** Resolves when every client has its last answer and waits. */
  pause(): Promise<void> {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  resume(): void {
    this.#gate = Promise.resolve();
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.resume();
  }

  async #pass(): Promise<void> {
    this.#waiting += 1;
    if (this.#waiting === this.#clients) for (const idle of this.#idle.splice(0)) idle();
    await this.#gate;
    this.#waiting -= 1;
  }
}
