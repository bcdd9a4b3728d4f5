import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/config';
import { serveOperators } from '../http/listening/operator-socket';
import type { OperatorBus } from '../operator/operator-bus';

/** The command line's way to a server in oidc mode: a Unix socket that its owner alone reaches. */

/** Longest path of a socket, in bytes, on every system that there is: macOS has 104 with a zero at the end. */
const LONGEST_PATH = 103;
const NAME = 'socket';

export interface OperatorSocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Opens the socket in the data folder, or, where that has too long a path, in a folder of its own under the system's. */
export async function openOperatorSocket(
  config: Pick<Config, 'dataDirectory' | 'bodyLimitBytes' | 'trustedProxies'>,
  { bus, logger }: { readonly bus: OperatorBus; readonly logger: Logger },
): Promise<OperatorSocket> {
  const folder = folderFor(config.dataDirectory);
  const socket = path.join(folder, NAME);
  // One that a killed server left behind: no other process has the data folder by now.
  rmSync(socket, { force: true });
  const serving = await serveOperators(socket, bus, { config, logger });
  chmodSync(socket, 0o600);
  return {
    path: socket,
    async close() {
      await serving.close();
      // Keeps going if something else became of the folder: the log is closed after this.
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch (err) {
        logger.warn({ err }, 'the folder of the socket of operators could not be removed');
      }
    },
  };
}

/** A folder that nobody else may enter, so that the socket is out of reach before its own mode is set, too. */
function folderFor(dataDirectory: string): string {
  const folder = path.join(dataDirectory, 'operator');
  if (Buffer.byteLength(path.join(folder, NAME)) > LONGEST_PATH)
    return mkdtempSync(path.join(os.tmpdir(), 'rolebook-'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}
