import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A server as an operator starts it: its own process, its own data folder, real HTTP. Needs the build. */

const ROOT = path.join(__dirname, '..', '..');

export interface Answer<Data = Record<string, unknown>> {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly extensions?: { readonly position?: string };
}

export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly directory: string;
  graphql<Data>(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer<Data>>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export const newDirectory = (): string => mkdtempSync(path.join(os.tmpdir(), 'rolebook-e2e-'));
export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true });

/** Starts a server on a free port and waits until it says that it serves. */
export async function startServer(
  directory: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [path.join(ROOT, 'dist', 'src', 'main.js')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ROLEBOOK_DATA_DIR: directory,
      ROLEBOOK_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const { url, token } = await welcome(child, ended);
  return {
    url,
    token,
    directory,
    async graphql<Data>(query: string, variables: object = {}, headers: Record<string, string> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify({ query, variables }),
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
export function rolebook(
  directory: string,
  ...words: string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'rolebook.js'), ...words], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ROLEBOOK_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
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
      if (url && token) resolve({ url, token });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`The server ended (${code}):\n${printed}`)));
  });
}
