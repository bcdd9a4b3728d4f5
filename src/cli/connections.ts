import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { openReadOnly, type ReadOnlyReadModels } from '../../projections';
import { compose, type Application } from '../app/compose';
import { loadConfig, namesServer, namesUser, type Config } from '../config/config';
import type { Catalogue } from '../domain/catalogue/catalogue';
import type { EventStore } from '../event-store/port/event-store';
import { accountStream } from '../event-store/port/streams';
import { issueOperatorToken, loadSigningKey } from '../http/authentication';
import { localOperatorBus, type OperatorBus } from '../operations/operator-bus';
import { openLog } from '../app/open-log';
import { CliError, message } from './output';
import { stepProgress } from './progress';
import { remoteOperatorBus } from './remote-bus';

/** What the commands stand on: the log, the read models, or a running server, whichever they need. */

export interface LogOptions {
  /** A `kurrentdb://` or `esdb://` address or a data folder; left out: the log of the settings. */
  readonly named?: string;
  /** An embedded log has one writer, so no server may run on it; reading goes beside one. */
  readonly write?: boolean;
  /** Takes events as they come: for a copy. */
  readonly raw?: boolean;
  /** The log must be there already, where it is written too. */
  readonly existing?: boolean;
}

/** Opens a log, to read unless said otherwise, and closes it. */
export async function withLog<T>(
  work: (store: EventStore) => Promise<T>,
  { named, write = false, raw = false, existing = false }: LogOptions = {},
): Promise<T> {
  const config = configOf(named);
  if (existing && config.eventStoreUrl === null) await (await openLog(config, { readOnly: true })).close();
  const store = await openLog(config, { readOnly: !write, raw });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** @throws CliError where the log has no such account */
export async function demandAccount(store: EventStore, account: string): Promise<void> {
  for await (const _opened of store.readStream(accountStream(account), { limit: 1 })) return;
  throw noAccount(account);
}

/** The settings, with the log that was named, if one was. */
export function configOf(log: string | undefined): Config {
  const config = loadConfig();
  if (log === undefined) return config;
  if (!namesServer(log)) return { ...config, eventStoreUrl: null, dataDirectory: log };
  const named = namesUser(log) ? { eventStoreUsername: null, eventStorePassword: null } : {};
  return { ...config, eventStoreUrl: log, ...named };
}

/** What an operator's command needs: a way in for changes, and what the tables say. */
export interface Operator {
  readonly bus: OperatorBus;
  readonly readModels: ReadOnlyReadModels;
  catalogue(): Catalogue;
  /** @throws CliError where there is no such account, or it has no such user */
  userId(account: string, username: string): string;
}

/** Through the server that runs on the data folder, if one does; else in this process, on the log itself. */
export async function withOperator<T>(work: (operator: Operator) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const server = runningServer(config);
  if (server) {
    const bus = remoteOperatorBus(server, await issueOperatorToken(loadSigningKey(config)));
    return withTables(config, (readModels) => work(operatorOn(bus, readModels)));
  }
  // So that tokens can be had of whom this registers; a faulty one is found before anything is written.
  loadSigningKey(config);
  return withApplication(({ bus, readModels }) =>
    work(operatorOn(localOperatorBus(bus, readModels, unexpected), readModels)),
  );
}

const unexpected = (error: unknown): void =>
  message(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

/** The tables, to look at: beside the server that runs on the data folder, or brought up to date. A log is not made. */
export async function withReadModels<T>(work: (readModels: ReadOnlyReadModels) => Promise<T>): Promise<T> {
  const config = loadConfig();
  if (runningServer(config)) return withTables(config, work);
  return withApplication(({ readModels }) => work(readModels), { look: true });
}

async function withTables<T>(
  { dataDirectory }: Config,
  work: (readModels: ReadOnlyReadModels) => Promise<T>,
): Promise<T> {
  const readModels = openReadOnly(dataDirectory);
  try {
    return await work(readModels);
  } finally {
    readModels.close();
  }
}

/** Everything but the HTTP server, in this process. `look`: the log must be there already, and gets no catalogue. */
export async function withApplication<T>(
  work: (application: Application) => Promise<T>,
  { look = false }: { readonly look?: boolean } = {},
): Promise<T> {
  const shown = stepProgress();
  const application = await compose(loadConfig(), {
    logger: pino({ level: 'warn' }, pino.destination(2)),
    demo: false,
    alone: true,
    look,
    onProgress: shown.update,
  });
  shown.finish();
  try {
    return await work(application);
  } finally {
    shown.finish();
    await application.close();
  }
}

const operatorOn = (bus: OperatorBus, readModels: ReadOnlyReadModels): Operator => ({
  bus,
  readModels,
  catalogue: () => readModels.view('').catalogue(),
  userId: (account, username) => userIdIn(readModels, account, username),
});

/** @throws CliError where there is no such account */
export function demandAccountIn(readModels: ReadOnlyReadModels, account: string): void {
  if (!readModels.view(account).accountInfo()) throw noAccount(account);
}

const noAccount = (account: string): CliError => new CliError(`There is no account ${account}.`);

/** @throws CliError where there is no such account, or it has no such user */
export function userIdIn(readModels: ReadOnlyReadModels, account: string, username: string): string {
  demandAccountIn(readModels, account);
  const user = [...readModels.view(account).userIds([username]).values()][0];
  if (user === undefined) throw new CliError(`No user ${username} in the account ${account}.`);
  return user;
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
