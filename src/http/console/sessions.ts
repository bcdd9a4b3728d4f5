import type { FastifyReply, FastifyRequest } from 'fastify';
import { v4 } from 'uuid';
import type { DecisionReads } from '../../commands/decision-reads';
import type { Config } from '../../config/config';
import { MOST_HOURS } from '../../config/console';
import type { OidcIssuer } from '../../config/oidc-issuer';
import type { ExternalIdentity } from '../../domain/user/events';
import { InvalidTokenError, type Identity } from '../authentication/identity';
import type { SigningKey } from '../authentication/signing-key';
import { HttpError } from '../failure';
import { isOfOwnPage } from '../origins';
import { Cookies } from './cookies';
import type { EndedSessions } from './ended-sessions';
import { Sealed } from './sealed';

/**
 * Sessions of the console. A session is a text in a cookie that every replica with the signing key can read; there is no
 * table of them. What its user may do is decided at each request, as for tokens.
 */

/** A person who has signed in. */
export interface SignedIn {
  readonly account: string;
  readonly user: string;
  /** Identity by which a provider named the person; null in local mode. */
  readonly identity: ExternalIdentity | null;
}

/** Times are in milliseconds since 1970. */
export interface Session extends SignedIn {
  readonly id: string;
  readonly beganAt: number;
  /** Time of the last request that was the person’s own, to within `RENEW_AFTER_MS`. */
  readonly seenAt: number;
}

export type SignInMode = 'local' | 'oidc';

export interface SessionTools {
  readonly config: Pick<Config, 'oidc' | 'publicUrl' | 'sessionIdleMinutes' | 'sessionHours'>;
  readonly signingKey: SigningKey;
  readonly reads: Pick<DecisionReads, 'userByIdentity'>;
  readonly ended: EndedSessions;
  readonly now?: () => number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Age of a cookie at which a request renews it: not each answer needs a new one. */
export const RENEW_AFTER_MS = 30_000;

/** Header that a page of another site cannot send unless this server lets it, which it does for none with cookies. */
const OWN = 'rolebook-console';
/** Header of requests that nobody is behind, such as polls: they do not keep a session from ending. */
const UNATTENDED = 'rolebook-unattended';

export class Sessions {
  readonly mode: SignInMode;
  private readonly sealed: Sealed<Session>;
  private readonly cookies: Cookies;
  private readonly now: () => number;
  private readonly callers = new WeakMap<FastifyRequest, Session>();
  private readonly renewed = new WeakSet<FastifyRequest>();

  constructor(private readonly tools: SessionTools) {
    this.mode = tools.config.oidc === null ? 'local' : 'oidc';
    this.sealed = new Sealed(tools.signingKey, 'session');
    this.cookies = cookiesOf(tools.config);
    this.now = tools.now ?? Date.now;
  }

  /** Begins a session of a person, whose browser gets it with the answer. */
  async begin(reply: FastifyReply, { account, user, identity }: SignedIn): Promise<void> {
    const now = this.now();
    await this.give(reply, { id: v4(), account, user, identity, beganAt: now, seenAt: now });
  }

  /** True for a request that comes with a session, sound or not. */
  isOffered(request: FastifyRequest): boolean {
    return this.cookies.read(request, 'session') !== null;
  }

  /**
   * The caller of a request by its session.
   * @throws InvalidTokenError for none, or one that is over
   * @throws HttpError 403 if it may come from another site
   */
  async callerOf(request: FastifyRequest): Promise<Identity> {
    if (request.routeOptions.config.socket === true) demandOwnSocket(request, this.tools.config);
    else demandOwnPage(request);
    const session = await this.read(this.cookies.read(request, 'session') ?? '');
    const now = this.now();
    const isAged = now - session.seenAt >= RENEW_AFTER_MS && request.headers[UNATTENDED] === undefined;
    this.callers.set(request, isAged ? { ...session, seenAt: now } : session);
    if (isAged) this.renewed.add(request);
    return { kind: 'user', account: session.account, user: session.user };
  }

  /** The session that a request was let in by. */
  of(request: FastifyRequest): Session | undefined {
    return this.callers.get(request);
  }

  /** Moment at which a session ends, unless it is used before. */
  endOf({ beganAt, seenAt }: Session): number {
    const { sessionIdleMinutes, sessionHours } = this.tools.config;
    return Math.min(seenAt + sessionIdleMinutes * MINUTE_MS, beganAt + sessionHours * HOUR_MS);
  }

  /** Gives the browser the session of a request anew, if it has got older. */
  async renew(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = this.callers.get(request);
    if (!session || !this.renewed.has(request) || reply.statusCode === 401) return;
    // One that was ended while this request ran must not come back with its answer.
    if (!this.tools.ended.has(session.id)) await this.give(reply, session);
  }

  /**
   * Ends the session of a request, if it has one: here at once, whoever holds a copy of it; the browser forgets it. Resolves to
   * the session that was.
   */
  async end(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | null> {
    const session = await this.sealed.open(this.cookies.read(request, 'session') ?? '');
    this.cookies.clear(reply, 'session');
    if (session === null) return null;
    // A copy may be younger than this one, and the setting longer after a restart.
    const last = session.beganAt + MOST_HOURS * HOUR_MS;
    if (last > this.now()) this.tools.ended.add(session.id, last);
    return session;
  }

  /** @throws InvalidTokenError */
  private async read(text: string): Promise<Session> {
    const session = await this.sealed.open(text);
    if (session === null) throw new InvalidTokenError('This is no session.');
    if (this.endOf(session) <= this.now() || this.tools.ended.has(session.id))
      throw new InvalidTokenError('The session is over.');
    if (!this.isStill(session))
      throw new InvalidTokenError('The identity of the session names its user no more.');
    return session;
  }

  /** Asks for a session what a token would be asked: whether its identity is that of its user, by the settings of now. */
  private isStill({ account, user, identity }: Session): boolean {
    const { config, reads } = this.tools;
    if (config.oidc === null || identity === null) return config.oidc === null && identity === null;
    const issuer = config.oidc.find((each) => each.issuer === identity.issuer);
    return (
      issuer !== undefined && speaksFor(issuer, account) && reads.userByIdentity(account, identity) === user
    );
  }

  private async give(reply: FastifyReply, session: Session): Promise<void> {
    const text = await this.sealed.seal(session);
    this.cookies.set(reply, 'session', text, this.endOf(session) - this.now());
  }
}

/** Cookies as browsers come to a server: by https wherever its settings do not say otherwise. */
export const cookiesOf = ({ oidc, publicUrl }: Pick<Config, 'oidc' | 'publicUrl'>): Cookies =>
  new Cookies(oidc !== null && !publicUrl?.startsWith('http:'));

const speaksFor = ({ account: from, accounts }: OidcIssuer, account: string): boolean =>
  (accounts === null || accounts.includes(account)) && (!('fixed' in from) || from.fixed === account);

/**
 * Refuses a request that a page of another site may have sent.
 * @throws HttpError 403
 */
export function demandOwnPage({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const site = headers['sec-fetch-site'];
  if (headers[OWN] === '1' && (site === undefined || site === 'same-origin')) return;
  throw new HttpError(
    403,
    'CROSS_SITE_REQUEST',
    'A request with a session needs the header `Rolebook-Console: 1`, and comes from a page of this server.',
  );
}

/** Refuses an upgrade that a page of another site may have sent. @throws HttpError 403 */
function demandOwnSocket(request: FastifyRequest, { publicUrl }: SessionTools['config']): void {
  if (isOfOwnPage(request, { publicUrl })) return;
  throw new HttpError(
    403,
    'CROSS_SITE_REQUEST',
    'An upgrade with a session comes from a page of this server.',
  );
}
