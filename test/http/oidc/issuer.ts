import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload, type KeyLike } from 'jose';
import type { OidcIssuer } from '../../../src/config/oidc-issuer';

/** A small issuer on a loopback address that counts what it is asked. */

export const AUDIENCE = 'rolebook';

export interface Key {
  readonly id: string;
  readonly alg: string;
  readonly secret: KeyLike;
  readonly jwk: JWK;
}

export async function newKey(id: string, alg = 'ES256'): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { crv: 'Ed25519', modulusLength: 2048 });
  return { id, alg, secret: privateKey, jwk: { ...(await exportJWK(publicKey)), kid: id, alg, use: 'sig' } };
}

export interface TokenOptions {
  readonly claims?: JWTPayload;
  /** Claims that are left out. */
  readonly without?: readonly string[];
  readonly header?: Readonly<Record<string, unknown>>;
}

export class TestIssuer {
  /** Requests so far, by path. */
  readonly asked: Record<string, number> = {};
  /** Keys that are published. */
  keys: Key[] = [];
  /** False: every request is answered with 500. */
  up = true;
  /** Milliseconds before each answer. */
  delayMs = 0;
  /** Fields of the discovery document in place of the true ones. */
  discovery: Record<string, unknown> = {};
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(...keys: Key[]): Promise<TestIssuer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new TestIssuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    issuer.keys = keys;
    server.on('request', ({ url = '' }, response) => {
      issuer.asked[url] = (issuer.asked[url] ?? 0) + 1;
      const body = issuer.documentAt(url);
      setTimeout(() => {
        response.writeHead(issuer.up ? 200 : 500, { connection: 'close' }).end(JSON.stringify(body));
      }, issuer.delayMs).unref();
    });
    return issuer;
  }

  private documentAt(url: string): unknown {
    if (url === '/keys') return { keys: this.keys.map(({ jwk }) => jwk) };
    return { issuer: this.url, jwks_uri: `${this.url}/keys`, ...this.discovery };
  }

  /** Times that the keys were asked for. */
  get reads(): number {
    return this.asked['/keys'] ?? 0;
  }

  /** The issuer as settings name it. */
  settings(given: Partial<OidcIssuer> = {}): OidcIssuer {
    return {
      issuer: this.url,
      audience: AUDIENCE,
      tokenType: 'at+jwt',
      subjectClaim: ['sub'],
      account: { claim: ['rolebook_account'] },
      accounts: null,
      register: false,
      operator: null,
      client: null,
      ...given,
    };
  }

  /** A token that is taken, unless options spoil it. */
  token(key: Key, { claims = {}, without = [], header = {} }: TokenOptions = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const all: JWTPayload = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'subject-1',
      rolebook_account: 'acme',
      iat: now,
      exp: now + 300,
      ...claims,
    };
    for (const claim of without) delete all[claim];
    return new SignJWT(all)
      .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.id, ...header })
      .sign(key.secret);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Options of keys for tests, in which a pause is short. */
export const QUICK = {
  refreshMs: 60_000,
  cooldownMs: 200,
  timeoutMs: 2_000,
  firstRetryMs: 20,
  longestRetryMs: 50,
};
