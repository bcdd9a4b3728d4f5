import type { FastifyInstance } from 'fastify';
import { newApp, type AppParts } from '../app';
import { Listener } from './listener';

/** A server beside the one of the API, for few routes of its own. */
export interface SideServer {
  /** Address, where it has one by HTTP. */
  readonly url: string | null;
  close(): Promise<void>;
}

/**
 * Serves the routes that `add` adds. `listen` opens the place where they are served.
 * @throws whatever `listen` throws
 */
export async function startSideServer(
  parts: Pick<AppParts, 'config' | 'logger'>,
  add: (app: FastifyInstance) => void,
  listen: (listener: Listener) => Promise<unknown>,
): Promise<SideServer> {
  const listener = new Listener((_request, response) => response.destroy());
  const app = newApp({ ...parts, listener });
  add(app);
  await app.ready();
  listener.answerWith((request, response) => app.routing(request, response));
  await listen(listener);
  return {
    get url() {
      return listener.url;
    },
    async close() {
      await listener.drain();
      await app.close();
    },
  };
}
