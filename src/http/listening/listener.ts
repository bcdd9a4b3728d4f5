import { EventEmitter, once } from 'node:events';
import { lookup } from 'node:dns/promises';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, isIP, type AddressInfo, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { watchConnections, type Draining } from './connection-drain';
import { badRequest, failure, HttpError, rawAnswer, sendJson } from '../failure';

const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the keep-alive of proxies and browsers, so that they end connections first. */
const KEEP_ALIVE_MS = 72_000;
/** Time for the answer to an unreadable request to be sent. */
const LAST_ANSWER_MS = 500;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * The one HTTP server of a process, for its whole lifetime. The handler may change; connections stay, so that a request
 * on a kept-alive one is always answered.
 */
export class Listener {
  readonly server: Server;
  readonly connections: Draining;
  /** Emits `upgrade`, as a server does, for WebSockets at addresses that `takeSockets` names. */
  readonly upgrades = new EventEmitter();
  private answer: RequestListener;
  /** Further addresses of the same name. */
  private readonly others: TcpServer[] = [];

  constructor(answer: RequestListener) {
    this.answer = answer;
    // A request without `Host` gets an error in the common shape; Node would close the connection without a message.
    this.server = createServer({
      requireHostHeader: false,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    });
    this.connections = watchConnections(this.server);
    this.server.on('request', (request, response) => this.dispatch(request, response));
    this.server.on('checkExpectation', (_request, response) =>
      send(response, new HttpError(417, 'EXPECTATION_FAILED', 'The server cannot meet this expectation.')),
    );
    this.server.on('connect', (_request, socket) => endWith(socket, NO_TUNNEL));
    this.server.on('clientError', (error, socket) => this.refuseUnreadable(error, socket));
  }

  /** Sets the handler that answers from the next request on. */
  answerWith(answer: RequestListener): void {
    this.answer = answer;
  }

  /** Hands upgrades to WebSocket at one path on; any other is answered as if nothing had been asked for. */
  takeSockets(path: string): void {
    this.server.on('upgrade', (request, socket, head) => {
      if (isHandshake(request) && request.url?.split('?')[0] === path) this.hand(request, socket, head);
      else answerPlainly(this.server, request, { socket, head });
    });
  }

  /** `http://host:port` where it listens; null if it does not. */
  get url(): string | null {
    const address = this.server.address() as AddressInfo | null;
    if (address === null) return null;
    return `http://${isIP(address.address) === 6 ? `[${address.address}]` : address.address}:${address.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /**
   * Listens on all addresses of a host; port 0 takes a free one.
   * @throws EADDRINUSE and others that listening throws
   */
  async listen({ host, port }: Address): Promise<void> {
    const found = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
    const [first = host, ...others] = new Set(found);
    await listenOn(this.server, first, port);
    for (const address of others) {
      const other = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        this.server.emit('connection', socket),
      );
      // A name may resolve to an address that this machine lacks.
      const listens = await listenOn(other, address, this.port).then(
        () => true,
        () => false,
      );
      if (listens) this.others.push(other);
    }
  }

  /** Accepts no more connections; resolves once the open ones have their answers and are closed. */
  async drain(): Promise<void> {
    const closed = this.others.splice(0).map(async (other) => {
      const closing = once(other, 'close');
      other.close();
      await closing;
    });
    await Promise.all([...closed, this.connections.drain()]);
  }

  private hand(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Nobody takes it when the application has ended.
    if (!this.upgrades.emit('upgrade', request, socket, head)) socket.destroy();
  }

  private dispatch(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return send(response, badRequest('The request has no `Host`.'));
    this.answer(request, response);
  }

  /** Answers input that is not HTTP, after the earlier requests on the same connection have their answers. */
  private refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const refuse = (begun: boolean): void => {
      if (begun) socket.destroy();
      else endWith(socket, UNREADABLE[error.code ?? ''] ?? MALFORMED);
    };
    this.connections.whenAnswered(socket, refuse);
  }
}

/**
 * Has a server read a request again that asked for another protocol, without that: clients of HTTP/2 ask so on every first
 * request, and go on in HTTP/1.1 where nobody answers to it.
 */
function answerPlainly(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!OF_UPGRADES.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

const OF_UPGRADES: ReadonlySet<string> = new Set(['connection', 'upgrade', 'http2-settings']);

/** True for a handshake of WebSocket (RFC 6455, 4.1). */
const isHandshake = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers.upgrade?.toLowerCase() === 'websocket' &&
  headers['sec-websocket-version'] === '13' &&
  /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '');

const MALFORMED = badRequest('This is not HTTP that this server reads.');
const NO_TUNNEL = new HttpError(405, 'METHOD_NOT_ALLOWED', 'This is no proxy.');
const UNREADABLE: Readonly<Record<string, HttpError>> = {
  HPE_HEADER_OVERFLOW: new HttpError(
    431,
    'HEADERS_TOO_LARGE',
    'The headers are larger than this server takes.',
  ),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new HttpError(
    413,
    'PAYLOAD_TOO_LARGE',
    'The body is larger than this server takes.',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new HttpError(408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.'),
};

const send = (response: ServerResponse, { status, code, message, headers }: HttpError): void =>
  sendJson(response, status, failure(code, message), headers);

function endWith(socket: Duplex, fault: HttpError): void {
  if (!socket.writable) return void socket.destroy();
  // Not at once: unread input would end the connection before the answer is read.
  const timer = setTimeout(() => socket.destroy(), LAST_ANSWER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.end(rawAnswer(fault));
}

async function listenOn(server: TcpServer, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}
