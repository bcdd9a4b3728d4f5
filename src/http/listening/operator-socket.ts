import { once } from 'node:events';
import type { OperatorBus } from '../../operator/operator-bus';
import { newApp, type AppParts } from '../app';
import type { Guard } from '../guard';
import { Listener } from './listener';
import { addOperatorRoute } from '../operator';

const nobody = (): never => {
  throw new Error('The socket of operators serves operators alone.');
};

/** Guard of a socket: whoever the file system lets connect is an operator, and nothing else. */
const OPERATORS: Guard = {
  operator: async () => undefined,
  user: async () => nobody(),
  scraper: async () => nobody(),
  caller: nobody,
};

/** Serves the operator's route, and nothing else, on a Unix socket. Who may connect is the matter of its folder. */
export async function serveOperators(
  path: string,
  bus: OperatorBus,
  parts: Pick<AppParts, 'config' | 'logger'>,
): Promise<{ close(): Promise<void> }> {
  const listener = new Listener((_request, response) => response.destroy());
  const app = newApp({ ...parts, listener });
  addOperatorRoute(app, OPERATORS, bus);
  await app.ready();
  listener.answerWith((request, response) => app.routing(request, response));
  listener.server.listen(path);
  await once(listener.server, 'listening');
  return {
    async close() {
      await listener.drain();
      await app.close();
    },
  };
}
