import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { openReadOnly, type ReadOnlyReadModels } from '../../projections/files';
import { compose, type Application } from '../compose';
import { loadConfig, namesUser, type Config } from '../config';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { EventStore } from '../event-store/event-store';
import { issueOperatorToken, loadSigningKey, type SigningKey } from '../http/authentication';
import { localOperatorBus, type OperatorBus } from '../operations/operator-bus';
import { openLog } from '../open-log';
import { CliFailure, message, progress } from './output';
import { remoteOperatorBus } from './remote-bus';

/** What the commands stand on: the log, the read models, or a running server, whichever they need. */

export interface LogOptions {
  /** An `esdb://` address or a data folder; left out: the log of the settings. */
  readonly named?: string;
  /** An embedded log has one writer, so no server may run on it; reading goes beside one. */
  readonly write?: boolean;
}

/** Opens a log, to read unless said otherwise, and closes it. */
export async function withLog<T>(
  work: (store: EventStore) => Promise<T>,
  { named, write = false }: LogOptions = {},
): Promise<T> {
  const store = await openLog(named === undefined ? loadConfig() : configOf(named), { readOnly: !write });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function configOf(log: string): Config {
  const config = loadConfig();
  if (!/^esdb(\+discover)?:\/\//.test(log)) return { ...config, eventStoreUrl: null, dataDirectory: log };
  const named = namesUser(log) ? { eventStoreUsername: null, eventStorePassword: null } : {};
  return { ...config, eventStoreUrl: log, ...named };
}

/** What an operator's command needs: a way in for changes, and what the tables say. */
export interface Operator {
  readonly bus: OperatorBus;
  readonly readModels: ReadOnlyReadModels;
  readonly signingKey: SigningKey;
  catalogue(): Catalogue;
  /** @throws CliFailure where the account has no such user */
  userId(account: string, username: string): string;
}

/** Through the server that runs on the data folder, if one does; else in this process, on the log itself. */
export async function withOperator<T>(work: (operator: Operator) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const server = runningServer(config);
  if (server) {
    const signingKey = loadSigningKey(config);
    const readModels = openReadOnly(config.dataDirectory);
    try {
      const bus = remoteOperatorBus(server, await issueOperatorToken(signingKey));
      return await work(operatorOn(bus, readModels, signingKey));
    } finally {
      readModels.close();
    }
  }
  return withApplication((application) => {
    const bus = localOperatorBus(application.bus, application.readModels);
    return work(operatorOn(bus, application.readModels, application.signingKey));
  }, config);
}

/** Everything but the HTTP server, in this process. */
export async function withApplication<T>(
  work: (application: Application) => Promise<T>,
  config = loadConfig(),
): Promise<T> {
  const shown = progress('Reading the log');
  const application = await compose(config, {
    logger: pino({ level: 'warn' }, pino.destination(2)),
    demo: false,
    onProgress: (_step, done, total) => shown.update(done, total),
  });
  shown.finish();
  try {
    return await work(application);
  } finally {
    await application.close();
  }
}

function operatorOn(bus: OperatorBus, readModels: ReadOnlyReadModels, signingKey: SigningKey): Operator {
  return {
    bus,
    readModels,
    signingKey,
    catalogue: () => readModels.view('').catalogue(),
    userId(account, username) {
      const user = [...readModels.view(account).userIds([username]).values()][0];
      if (user === undefined) throw new CliFailure(`No user ${username} in the account ${account}.`);
      return user;
    },
  };
}

/** Address of the server that runs on a data folder. The file is left behind by a kill, so the process is looked for. */
function runningServer(config: Config): string | null {
  const file = path.join(config.dataDirectory, 'server.json');
  if (!existsSync(file)) return null;
  try {
    const { pid, url } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; url: string };
    process.kill(pid, 0);
    return url;
  } catch {
    message('A server on this data folder ended without tidying up; going on without it.');
    return null;
  }
}
