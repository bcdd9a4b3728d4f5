import pino from 'pino';
import { openReadOnly, type ReadOnlyReadModels } from '../../projections';
import { compose, type Application } from '../app/compose';
import { loadConfig, type Config } from '../config/config';
import type { Catalogue } from '../domain/catalogue/catalogue';
import { issueOperatorToken } from '../http/authentication/local-tokens';
import { loadSigningKey } from '../http/authentication/signing-key';
import { operatorContext, type OnRecord } from '../operator/operator';
import { localOperatorBus, type OperatorBus, type OperatorItem } from '../operator/operator-bus';
import { accepted } from './answers';
import { noAccount } from './log';
import { CliError, message } from './output';
import { stepProgress } from './progress';
import { remoteOperatorBus } from './remote-bus';
import { runningServer } from './running-server';

/** Opens the resources of commands besides the log: the read models, and a bus for changes. */

type Change = OperatorItem['command'];
type Accepted = ReturnType<typeof accepted>;

/** Access for an operator's command: a bus for changes, and the read models. */
export interface Operator {
  readonly bus: OperatorBus;
  readonly readModels: ReadOnlyReadModels;
  /** Runs one command in an account. @throws CliError if it is refused */
  run(command: Change, account: string, record: OnRecord): Promise<Accepted>;
  catalogue(): Catalogue;
  /** @throws CliError if there is no such account, or it has no such user */
  userId(account: string, username: string): string;
}

/** Through the server that runs on the data folder, if one does; otherwise in this process, on the log itself. */
export async function withOperator<T>(work: (operator: Operator) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const server = runningServer(config);
  if (server) {
    const { url, socket } = server;
    const bus = remoteOperatorBus(
      socket === null ? { url, token: await issueOperatorToken(loadSigningKey(config)) } : { socket },
    );
    return withTables(config, (readModels) => work(operatorOn(bus, readModels)));
  }
  // Read here so that tokens can be made for registered users; a faulty key is found before anything is written.
  loadSigningKey(config);
  return withApplication(({ bus, readModels }) =>
    work(operatorOn(localOperatorBus(bus, readModels, unexpected), readModels)),
  );
}

const unexpected = (error: unknown): void =>
  message(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

/**
 * The tables, read-only: beside the server that runs on the data folder, or brought up to date. A log is not created.
 */
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

/** Everything except the HTTP server, in this process. `look`: the log must exist, and gets no catalogue. */
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
  run: async (command, account, record) => {
    const [answer] = await bus.executeAll([{ command, context: operatorContext(account, record) }]);
    return accepted(answer);
  },
  catalogue: () => readModels.view('').catalogue(),
  userId: (account, username) => userIdIn(readModels, account, username),
});

/** @throws CliError if there is no such account */
export function demandAccountIn(readModels: ReadOnlyReadModels, account: string): void {
  if (!readModels.view(account).accountInfo()) throw noAccount(account);
}

/** @throws CliError if there is no such account, or it has no such user */
export function userIdIn(readModels: ReadOnlyReadModels, account: string, username: string): string {
  demandAccountIn(readModels, account);
  const user = [...readModels.view(account).userIds([username]).values()][0];
  if (user === undefined) throw new CliError(`No user ${username} in the account ${account}.`);
  return user;
}
