import type { Logger } from 'pino';
import { networkOf } from '../caller-address';
import { addressClass } from './address-class';

/** Codes of refusals for want of a right. */
export const REFUSED_CODES = ['UNAUTHENTICATED', 'FORBIDDEN', 'ESCALATION'] as const;
export type RefusedCode = (typeof REFUSED_CODES)[number];

export const isRefusedCode = (code: string): code is RefusedCode =>
  (REFUSED_CODES as readonly string[]).includes(code);

/** One attempt that was refused for want of a right. It holds ids alone: no name, no token, nothing else that was sent. */
export interface RefusedAttempt {
  readonly code: RefusedCode;
  /** Field or route that was asked for: `Query.history`, `POST /graphql`. */
  readonly operation: string;
  readonly requestId: string;
  /** Account and actor as a valid token names them; null where there was none. */
  readonly account: string | null;
  readonly actor: string | null;
  /** Address that it came from, of which the class alone is recorded. */
  readonly address: string;
  /** Reason why a token was not enough. */
  readonly why?: string;
}

/** Time in which attempts are counted together. */
export const WINDOW_MS = 60_000;
/** Lines in a window of one source with one code: of an actor, or of an address where no actor is known. */
export const LINES_OF_A_SOURCE = 20;
/** Lines in a window of all known actors, and as many of all addresses: those cannot keep these from being recorded. */
export const LINES = 1_000;
/** Lines in a window of one account: its users cannot keep those of others from being recorded. */
export const LINES_OF_AN_ACCOUNT = 200;
/** Sources that are told apart in a window. */
const SOURCES = 10_000;
/** Sources that are named among those with suppressed attempts. */
const NAMED = 20;

interface Source extends Pick<RefusedAttempt, 'account' | 'actor' | 'code'> {
  lines: number;
  suppressed: number;
}

/**
 * Records refused attempts in the log of the process, each once: the log of events is for what happened, and nobody may
 * write to it by being refused. A flood is cut to so many lines a minute; how many were left out is told at its end.
 */
export class RefusedAttempts {
  private readonly sources = new Map<string, Source>();
  /** Lines of each account in the window. */
  private readonly accounts = new Map<string | null, number>();
  private lines = { known: 0, unknown: 0 };
  private suppressed = 0;
  private window: NodeJS.Timeout | undefined;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    /** Called for each, suppressed or not. */
    private readonly onRefused: (code: RefusedCode) => void = () => undefined,
  ) {}

  record(attempt: RefusedAttempt): void {
    this.onRefused(attempt.code);
    this.window ??= setTimeout(() => this.end(), WINDOW_MS).unref();
    if (!this.mayLog(attempt)) {
      this.suppressed += 1;
      return;
    }
    const { address, ...line } = attempt;
    this.logger.warn({ ...line, from: addressClass(address) }, 'refused attempt');
  }

  /** Ends the window, and tells what was left out of it. */
  end(): void {
    clearTimeout(this.window);
    const flooding = [...this.sources.values()].filter(({ suppressed }) => suppressed > 0);
    if (this.suppressed > 0) {
      const most = flooding.sort((a, b) => b.suppressed - a.suppressed).slice(0, NAMED);
      const sources = most.map(({ account, actor, code, suppressed }) => ({
        account,
        actor,
        code,
        suppressed,
      }));
      this.logger.warn({ suppressed: this.suppressed, sources }, 'refused attempts left out');
    }
    this.sources.clear();
    this.accounts.clear();
    this.lines = { known: 0, unknown: 0 };
    this.suppressed = 0;
    this.window = undefined;
  }

  private mayLog(attempt: RefusedAttempt): boolean {
    const source = this.sourceOf(attempt);
    const kind = attempt.actor === null ? 'unknown' : 'known';
    if (!source) return false;
    const ofAccount = this.accounts.get(attempt.account) ?? 0;
    const isFull = attempt.account !== null && ofAccount >= LINES_OF_AN_ACCOUNT;
    if (isFull || source.lines >= LINES_OF_A_SOURCE || this.lines[kind] >= LINES) {
      source.suppressed += 1;
      return false;
    }
    source.lines += 1;
    this.lines[kind] += 1;
    this.accounts.set(attempt.account, ofAccount + 1);
    return true;
  }

  /** The source of an attempt; undefined for one more than are told apart. */
  private sourceOf({ account, actor, code, address }: RefusedAttempt): Source | undefined {
    const key = JSON.stringify(actor === null ? [code, networkOf(address)] : [code, account, actor]);
    const known = this.sources.get(key);
    // Room is left for actors, whom addresses without a token must not crowd out.
    if (known || this.sources.size >= (actor === null ? SOURCES / 2 : SOURCES)) return known;
    const source = { account, actor, code, lines: 0, suppressed: 0 };
    this.sources.set(key, source);
    return source;
  }
}
