import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { isPrivate } from '../../../config/loopback';
import { backoff } from '../../../shared/backoff';
import { readJson } from './read-json';

/** The signing keys of one issuer, found by discovery, as they change. */

/** Keys of an issuer as of one moment. Another object means that they have changed. */
export interface KeySet {
  readonly ids: ReadonlySet<string>;
  readonly find: JWTVerifyGetKey;
}

/** The issuer cannot be asked for a key that is not known. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError';
}

export interface IssuerKeysOptions {
  /** Age at which keys are read again, in milliseconds. */
  readonly refreshMs: number;
  /** Least time between a read that brought nothing new and the next one that an unknown key causes, in milliseconds. */
  readonly cooldownMs: number;
  readonly timeoutMs: number;
  /** Pauses after reads that failed, in milliseconds. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Called when the issuer cannot be asked, and with null when it can again. */
  readonly onAway: (error: unknown) => void;
}

export const KEY_TIMES = {
  refreshMs: 5 * 60_000,
  cooldownMs: 5_000,
  timeoutMs: 5_000,
  firstRetryMs: 500,
  longestRetryMs: 15_000,
} as const;

/**
 * Keeps the keys of an issuer. They are read at the start, every few minutes, and when a token names a key that is not
 * among them: tokens that name one meanwhile wait for that read. While the issuer is away the keys of before go on.
 */
export class IssuerKeys {
  private set: KeySet | null = null;
  private published: JSONWebKeySet | null = null;
  private address: string | null = null;
  private reading: Promise<void> | null = null;
  private waiting: Promise<void> | null = null;
  private begunAt = -Infinity;
  private calmUntil = -Infinity;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly retryMs: (failures: number) => number;

  constructor(
    private readonly issuer: string,
    private readonly options: IssuerKeysOptions,
  ) {
    this.retryMs = backoff({ first: options.firstRetryMs, longest: options.longestRetryMs, jitter: 0.2 });
  }

  /** Reads the keys for the first time, without being waited for: the issuer may be away. */
  start(): void {
    void this.read();
  }

  /** The keys that are known now; null before the first were read. */
  get current(): KeySet | null {
    return this.set;
  }

  /**
   * The keys, with that of the given id among them; null if the issuer has no such key. `issuedAt`: the time at which the
   * token that names it says it was issued, in milliseconds.
   * @throws IssuerAwayError
   */
  async with(id: string, issuedAt: number): Promise<KeySet | null> {
    // A read that was under way may have begun before the key was there: then there is one more.
    for (let round = 0; round < 2; round += 1) {
      if (this.set?.ids.has(id)) return this.set;
      await (this.reading ?? this.readFor(issuedAt));
    }
    if (this.set?.ids.has(id)) return this.set;
    if (this.failures > 0 || this.set === null) throw new IssuerAwayError(`${this.issuer} cannot be asked.`);
    return null;
  }

  /** Reads no more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /**
   * Reads for an unknown key, unless the issuer is away: then the next try comes by itself. Soon after a read that brought
   * nothing new, tokens of before that read are not worth another; later ones share one, at the end of the pause.
   */
  private async readFor(issuedAt: number): Promise<void> {
    if (this.failures > 0) return;
    const pause = this.calmUntil - Date.now();
    if (pause <= 0) return this.read();
    if (issuedAt <= this.begunAt) return;
    this.waiting ??= sleep(pause, undefined, { ref: false }).then(() => {
      this.waiting = null;
      return this.read();
    });
    return this.waiting;
  }

  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    clearTimeout(this.timer);
    this.begunAt = Date.now();
    let next = this.options.refreshMs;
    try {
      await this.take(await this.fetchKeys());
      if (this.failures > 0) this.options.onAway(null);
      this.failures = 0;
    } catch (error) {
      // A read that outlived its server says nothing about the issuer.
      if (this.closed) return;
      // The next try finds the address of the keys anew.
      this.address = null;
      if (this.failures === 0) this.options.onAway(error);
      this.failures += 1;
      next = this.retryMs(this.failures);
    }
    if (!this.closed) this.timer = setTimeout(() => void this.read(), next).unref();
  }

  private async take(published: JSONWebKeySet): Promise<void> {
    if (isDeepStrictEqual(published, this.published)) {
      this.calmUntil = this.begunAt + this.options.cooldownMs;
      return;
    }
    const { createLocalJWKSet } = await import('jose');
    const find = createLocalJWKSet(published);
    this.set = { ids: new Set(published.keys.flatMap(({ kid }) => kid ?? [])), find };
    this.published = published;
    this.calmUntil = -Infinity;
  }

  private async fetchKeys(): Promise<JSONWebKeySet> {
    const { timeoutMs } = this.options;
    this.address ??= addressIn(await readJson(discoveryOf(this.issuer), timeoutMs), this.issuer);
    const found = (await readJson(this.address, timeoutMs)) as JSONWebKeySet | null;
    if (!Array.isArray(found?.keys)) throw new Error(`${this.address} has no list of keys`);
    return found;
  }
}

const discoveryOf = (issuer: string): string =>
  `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/** Address of the keys, from the document of an issuer, which must be that of this issuer exactly. */
function addressIn(document: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: address } = (document ?? {}) as Readonly<Record<string, unknown>>;
  if (named !== issuer)
    throw new Error(`${discoveryOf(issuer)} is of another issuer: ${JSON.stringify(named)?.slice(0, 200)}`);
  if (typeof address !== 'string' || !URL.canParse(address) || !isPrivate(new URL(address)))
    throw new Error(`${discoveryOf(issuer)} names no address of keys by https`);
  return address;
}
