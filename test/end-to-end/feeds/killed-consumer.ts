import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Random } from '../../long/random';

/** A consumer that is killed and resumed, and what it was given each time. */

/** Ways in that `consumer.mjs` has. */
export const KINDS = ['page', 'stream', 'sse'] as const;
export type Kind = (typeof KINDS)[number];

export interface Delivered {
  readonly id: string;
  readonly position: string;
}

/** One life of the consumer. */
export interface Run {
  /** Position that was confirmed before, from which it goes on; null: none. */
  readonly after: string | null;
  /** Id of the event that was confirmed last; null: none. */
  readonly confirmed: string | null;
  readonly delivered: Delivered[];
  /** Positions that came without an event, each with the event that was confirmed last before it. */
  readonly positions: { readonly position: string; readonly confirmed: string | null }[];
  /** Reason where it ended by itself. */
  failure: string | null;
}

export interface Source {
  readonly url: string;
  readonly token: string;
}

const SCRIPT = path.join(process.cwd(), 'test', 'end-to-end', 'feeds', 'consumer.mjs');
/** Longest time in milliseconds between the first sign of a feed and the kill. */
const LIVES_MS = 300;
/** Share of consumers that are killed before the feed says anything, maybe. */
const EARLY = 0.1;

export class KilledConsumer {
  readonly runs: Run[] = [];
  kills = 0;
  #at: string | null = null;
  #confirmed: Delivered | null = null;
  #onDelivered: (id: string) => void = () => undefined;

  constructor(
    readonly kind: Kind,
    private readonly sources: readonly Source[],
    private readonly random: Random,
  ) {}

  /** Lives once, until it is killed at random. */
  async killedOnce(): Promise<void> {
    const { random } = this;
    const early = random.chance(EARLY);
    const wait = random.below(LIVES_MS);
    await this.#live(async (spoken) => {
      if (!early) await spoken;
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.kills += 1;
    });
  }

  /** Lives until it has confirmed an event. */
  async until(id: string): Promise<void> {
    while (this.#confirmed?.id !== id)
      await this.#live(() => new Promise((resolve) => (this.#onDelivered = (at) => at === id && resolve())));
  }

  /** Starts where it was, and kills it once `lives` resolves; then all that it said is known. */
  async #live(lives: (spoken: Promise<void>) => Promise<void>): Promise<void> {
    const { random, kind } = this;
    const after =
      this.#confirmed && this.#at === this.#confirmed.position && random.chance(0.2)
        ? this.#confirmed.id
        : this.#at;
    const told = { kind, ...random.pick(this.sources), after, byHeader: random.chance(0.5) };
    const run: Run = {
      after: this.#at,
      confirmed: this.#confirmed?.id ?? null,
      delivered: [],
      positions: [],
      failure: null,
    };
    this.runs.push(run);
    const child = spawn(process.execPath, [SCRIPT, JSON.stringify(told)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const spoken = new Promise<void>((resolve) => {
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        resolve();
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        for (const line of lines) this.#take(run, line);
      });
    });
    let isOver = false;
    await Promise.race([lives(spoken), ended.then(() => (isOver = true))]);
    if (isOver) run.failure = said.trim();
    child.kill('SIGKILL');
    await ended;
  }

  #take(run: Run, line: string): void {
    const [what, first, position] = line.split(' ');
    const last = run.delivered.at(-1);
    if (what === '+') return void run.delivered.push({ id: first!, position: position! });
    if (first === undefined) {
      this.#confirmed = last!;
      this.#at = last!.position;
      this.#onDelivered(last!.id);
    } else {
      run.positions.push({ position: first, confirmed: this.#confirmed?.id ?? null });
      this.#at = first;
    }
  }
}
