import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that is kept as long as the server lets it, over which any bytes are sent. */

/** Everything that came back. */
export interface Received {
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Bytes, and whether they are one whole request of HTTP, whose one answer leaves the connection as it was. */
export interface Sent {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

/** Time limit of an answer: for a hang, not for a slow machine. */
const WITHIN_MS = 90_000;

export class Wire {
  #socket: Socket | null = null;

  constructor(private readonly url: string) {}

  /** Sends, and resolves to all that is answered; without a status if the connection ended before. */
  async exchange({ bytes, isWhole }: Sent): Promise<Received> {
    const socket = await this.#connected();
    const received = collecting(socket, (text) => isWhole && isAnswer(text));
    if (isWhole) socket.write(bytes);
    else socket.end(bytes);
    const text = await received;
    if (!isWhole || /^connection: close/im.test(text) || socket.readableEnded) this.close();
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
    return { statuses, text };
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const { hostname, port } = new URL(this.url);
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    // An end that the server makes while more is sent is an answer too.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return (this.#socket = socket);
  }
}

/** Resolves to what came, once it is enough or the connection has ended. */
function collecting(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (isEnough(text)) end();
    };
    const end = (): void => {
      clearTimeout(late);
      socket.off('data', take).off('end', end).off('close', end);
      resolve(text);
    };
    const late = setTimeout(() => reject(new Error(`No end of an answer: ${text.slice(0, 500)}`)), WITHIN_MS);
    // Once the server has ended its side there is no more to come.
    socket.on('data', take).on('end', end).on('close', end);
  });
}

/** True for a whole answer. */
function isAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = text.slice(0, end);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return text.length >= end + 4 + Number(length);
  return /^transfer-encoding: chunked/im.test(head) ? text.endsWith('0\r\n\r\n') : true;
}
