import type { Random } from '../random';
import type { Sent } from './wire';

/** Requests as bytes: of the form of HTTP, or deliberately not. */

/** Maker of malformed requests of one kind, each at random. */
export type Kind = (random: Random) => Sent;

/** Tokens of who may ask for something, so that most requests come as far as what is wrong in them. */
export interface Callers {
  readonly user: string;
  readonly operator: string;
}

export interface Parts {
  readonly method: string;
  readonly path: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One whole request. */
export function request({ method, path, token = null, headers = {}, body }: Parts): Sent {
  const bytes = Buffer.from(body ?? '');
  const all = {
    host: 'localhost',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return { bytes: Buffer.concat([Buffer.from(head, 'latin1'), bytes]), isWhole: true };
}

/** Bytes that need not be a request; the connection is ended behind them. */
export const raw = (...parts: readonly (string | Buffer)[]): Sent => ({
  bytes: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  isWhole: false,
});
