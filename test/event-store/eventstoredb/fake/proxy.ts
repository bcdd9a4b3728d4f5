import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that loses connections as networks do: what went over them is swallowed, and nobody is told. */
export class Proxy {
  readonly #server: Server;
  readonly #pairs: (readonly [Socket, Socket])[] = [];

  private constructor(to: number) {
    this.#server = createServer((inner) => {
      const outer = connect(to, '127.0.0.1');
      for (const socket of [inner, outer]) socket.on('error', () => undefined);
      inner.pipe(outer).pipe(inner);
      this.#pairs.push([inner, outer]);
    });
  }

  static async open(to: number): Promise<Proxy> {
    const proxy = new Proxy(to);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `esdb://127.0.0.1:${(this.#server.address() as AddressInfo).port}?tls=false`;
  }

  /** Connections made so far. */
  get connections(): number {
    return this.#pairs.length;
  }

  /** From now on nothing passes over the connections that there are. */
  swallow(): void {
    for (const [inner, outer] of this.#pairs) {
      inner.unpipe(outer).resume();
      outer.unpipe(inner).resume();
    }
  }

  close(): void {
    for (const socket of this.#pairs.flat()) socket.destroy();
    this.#server.close();
  }
}
