import { once } from 'node:events';
import type { OperatorBus } from '../../operator/operator-bus';
import type { AppParts } from '../app';
import type { Guard } from '../guard';
import { addOperatorRoute } from '../operator';
import { startSideServer, type SideServer } from './side-server';

const nobody = (): never => {
  throw new Error('The socket of operators serves operators alone.');
};

/** Guard of a socket: whoever the file system lets connect is an operator, and nothing else. */
const OPERATORS: Guard = {
  operator: async () => undefined,
  user: async () => nobody(),
  session: async () => nobody(),
  scraper: async () => nobody(),
  reader: async () => nobody(),
  again: async () => nobody(),
  caller: nobody,
  readerOf: nobody,
};

/** Serves the operator’s route, and nothing else, on a Unix socket. Who may connect is the matter of its folder. */
export const serveOperators = (
  path: string,
  bus: OperatorBus,
  parts: Pick<AppParts, 'config' | 'logger'>,
): Promise<SideServer> =>
  startSideServer(
    parts,
    (app) => addOperatorRoute(app, OPERATORS, bus),
    async ({ server }) => {
      server.listen(path);
      await once(server, 'listening');
    },
  );
