import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyedIds } from '../../src/commands/identity';
import { openKeyBook } from '../../src/app/open-key-book';
import { openLog } from '../../src/app/open-log';
import { loadConfig } from '../../src/config/config';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import type { EventStore } from '../../src/event-store/port/event-store';
import { newDirectory, removeDirectory } from '../directories';
import { newPrefix, serverUrl } from '../eventstoredb';

/** An installation as an operator has it: processes of their own, data folders, real HTTP. Needs the build. */

/** Tests and benches run from the root, compiled or not. */
const ROOT = process.cwd();

/** The environment of a process. */
export type Settings = Readonly<Record<string, string>>;

export interface Answer<Data = Record<string, unknown>> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly extensions?: { readonly position?: string };
}

export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Log lines so far. */
  log(): string;
  graphql<Data>(
    query: string,
    variables?: object,
    headers?: Settings,
    signal?: AbortSignal,
  ): Promise<Answer<Data>>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly ended: Promise<CommandResult>;
  /** Ends it at once, as a power cut would. */
  kill(): void;
}

/** The log of a new installation: in EventStoreDB where the tests have a server, else embedded. */
const newLog = (): Settings =>
  serverUrl ? { EVENTSTOREDB_URL: serverUrl, ROLEBOOK_STREAM_PREFIX: newPrefix() } : {};

let madeMasterKeys: string | null = null;

function masterKeyFile(): string {
  if (madeMasterKeys === null) {
    const directory = newDirectory();
    process.once('exit', () => removeDirectory(directory));
    madeMasterKeys = path.join(directory, 'master.keys');
    writeFileSync(madeMasterKeys, `m1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  }
  return madeMasterKeys;
}

/** One data folder on a log. */
export class Installation {
  readonly directory = newDirectory();
  readonly settings: Settings;
  readonly #log: Settings;
  readonly #running = new Set<ChildProcess>();
  readonly #replicas: Installation[] = [];

  constructor(log: Settings = newLog()) {
    this.#log = log;
    // An embedded log has its master keys beside it; all that are on one server here have the same.
    const masterKeys: Settings =
      'EVENTSTOREDB_URL' in log ? { ROLEBOOK_MASTER_KEY_FILE: masterKeyFile() } : {};
    this.settings = { ...masterKeys, ...log, ROLEBOOK_DATA_DIR: this.directory };
  }

  /** Another data folder on the same log, with the same key for tokens. */
  replica(): Installation {
    const key = this.#log.ROLEBOOK_SIGNING_KEY_FILE ?? path.join(this.directory, 'signing.key');
    const replica = new Installation({ ...this.#log, ROLEBOOK_SIGNING_KEY_FILE: key });
    this.#replicas.push(replica);
    return replica;
  }

  /** Starts a server on a free port and waits until it says that it serves. */
  async start(settings: Settings = {}): Promise<ServerProcess> {
    const child = this.#spawn(path.join('dist', 'src', 'app', 'main.js'), [], {
      PORT: '0',
      ROLEBOOK_LOG_LEVEL: 'warn',
      ...settings,
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const { url, token } = await welcome(child, ended);
    return {
      url,
      token,
      pid: child.pid ?? 0,
      log: () => log,
      async graphql<Data>(
        query: string,
        variables: object = {},
        headers: Settings = {},
        signal?: AbortSignal,
      ) {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
          body: JSON.stringify({ query, variables }),
          signal,
        });
        return (await response.json()) as Answer<Data>;
      },
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      stop() {
        child.kill('SIGTERM');
        return ended;
      },
    };
  }

  /** Runs a command of the command line; resolves with what it printed and its exit code. */
  rolebook(...words: string[]): Promise<CommandResult> {
    return this.begin(...words).ended;
  }

  /** Begins a command of the command line, which can be killed. */
  begin(...words: string[]): RunningCommand {
    const child = this.#spawn(path.join('bin', 'rolebook.js'), words);
    let stdout = '';
    let stderr = '';
    // Else a character that stands across two chunks is lost.
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    return {
      ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))),
      kill: () => void child.kill('SIGKILL'),
    };
  }

  /** Opens the log beside the servers, to read. */
  openLog(): Promise<EventStore> {
    return openLog(loadConfig(this.settings), { readOnly: true });
  }

  /** Hashes of the ids of commands, as the log has them, by account. */
  async keyedIds(accounts: Iterable<string>): Promise<ReadonlyMap<string, KeyedIds>> {
    const book = await openKeyBook(loadConfig(this.settings), { readOnly: true });
    try {
      const sealing = new KeyedSealing(book);
      const all = [...accounts].map(async (account) => [account, await sealing.account(account)] as const);
      return new Map(await Promise.all(all));
    } finally {
      await book.close();
    }
  }

  /** Tells what runs to end, as an operator does; also what does not serve yet. */
  terminate(): void {
    for (const child of this.#running) child.kill('SIGTERM');
  }

  /** Ends what a failed test left running, and removes the data folders. */
  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    for (const replica of this.#replicas) replica.remove();
    removeDirectory(this.directory);
  }

  #spawn(script: string, words: readonly string[], settings: Settings = {}): ChildProcess {
    const child = spawn(process.execPath, [path.join(ROOT, script), ...words], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...this.settings, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return child;
  }
}

function welcome(
  child: ChildProcess,
  ended: Promise<number | null>,
): Promise<{ url: string; token: string }> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const url = /serves on (http:\S+)/.exec(printed)?.[1];
      const token = /Token\s+(\S+)\n/.exec(printed)?.[1];
      // Without a demo, or with an issuer, there is none to print.
      if (url && (token || /Sign-in .*\n\n$/.test(printed))) resolve({ url, token: token ?? '' });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`The server ended (${code}):\n${printed}`)));
  });
}
