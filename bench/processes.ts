import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './data';

/** Servers in processes of their own, as operators start them. */

export interface Running {
  readonly pid: number;
  /** Resident memory in MB; NaN where the system does not tell. */
  memory(): number;
  /** CPU time of all its threads so far, in seconds; NaN where the system does not tell. */
  cpu(): number;
  /** CPU time of its main thread so far, in milliseconds to the nanosecond; NaN where the system does not tell. */
  mainThreadCpu(): number;
  /** Resolves when the process has printed a line. */
  printed(line: string): Promise<void>;
  /** Resolves when what it has printed has this. */
  said(text: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Memory in MB and CPU time in seconds of a process; NaN of one that has just ended. */
export interface Usage {
  readonly memory: number;
  readonly cpu: number;
}

export interface RunningServer extends Running {
  readonly url: string;
}

const LOG_KEPT = 5_000;

const running = new Set<() => void>();

/** Ends what still runs, when the bench is interrupted. */
export const killAll = (): void => running.forEach((kill) => kill());

/** Starts a compiled script and waits until what it prints says that it is ready. */
export async function start<Ready>(
  script: string,
  environment: Readonly<Record<string, string>>,
  ready: (printed: string) => Ready | null,
  words: readonly string[] = [],
): Promise<Running & { readonly ready: Ready }> {
  const child = spawn(process.execPath, [path.join(ROOT, 'dist', script), ...words], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  running.add(kill);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => running.delete(kill));
  let output = '';
  // Its log, a line for each mutation, is looked at only when it fails.
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LOG_KEPT)));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('printed');
  });
  const saw = <T>(find: (all: string) => T | null): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find(output);
        if (found === null) return;
        child.off('printed', look);
        resolve(found);
      };
      child.on('printed', look);
      look();
      void ended.then(() => reject(new Error(`${script} ended:\n${output}${log}`)));
    });
  const found = await saw(ready);
  const pid = child.pid!;
  return {
    ready: found,
    pid,
    memory: () => residentMemory(pid),
    cpu: () => cpuSeconds(pid),
    mainThreadCpu: () => mainThreadMs(pid),
    printed: (line) => saw((all) => (all.split('\n').includes(line) ? undefined : null)),
    said: (text) => saw((all) => text.exec(all)),
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Rolebook on a data folder; another program may compose it. */
export async function startRolebook(
  directory: string,
  {
    script = 'src/app/main.js',
    settings = {},
  }: { readonly script?: string; readonly settings?: Readonly<Record<string, string>> } = {},
): Promise<RunningServer> {
  const environment = {
    PORT: '0',
    ROLEBOOK_DATA_DIR: directory,
    ROLEBOOK_DEMO: 'off',
    ROLEBOOK_PROJECTION_WAIT_MS: '30000',
    ...settings,
  };
  const server = await start(
    script,
    environment,
    (printed) => /serves on (http:\S+)/.exec(printed)?.[1] ?? null,
  );
  return { ...server, url: server.ready };
}

export interface WatchedServer extends RunningServer {
  /** Asks what it says of itself: `bench/watched-server.ts`. */
  told(what: 'held' | 'cpu' | 'heap'): Promise<number>;
}

/** Rolebook on a data folder, that says what it takes. */
export async function startWatched(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
  script = 'bench/watched-server.js',
): Promise<WatchedServer> {
  const server = await startRolebook(directory, { script, settings });
  const [, address] = await server.said(/is watched at (http:\S+)/);
  return {
    ...server,
    told: async (what) => Number(await (await fetch(`${address}/${what}`)).text()),
  };
}

/**
 * Runs the command line, and answers what it printed. `onUsage` is told what it uses, five times a second.
 * @throws where it fails, with what it said
 */
export async function rolebook(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  onUsage?: (usage: Usage) => void,
): Promise<string> {
  const child = spawn(process.execPath, [path.join(ROOT, 'bin', 'rolebook.js'), ...words], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid!;
  const watch =
    onUsage && setInterval(() => onUsage({ memory: residentMemory(pid), cpu: cpuSeconds(pid) }), 200);
  let [printed, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  if (code !== 0) throw new Error(`rolebook ${words.join(' ')} failed:\n${said}`);
  return printed;
}

export interface Hello extends Running {
  readonly bare: string;
  readonly apollo: string;
}

/** The yardsticks over HTTP. */
export async function startHello(): Promise<Hello> {
  const server = await start('bench/yardsticks/hello-server.js', {}, (printed) =>
    printed.endsWith('\n') ? (JSON.parse(printed) as { bare: string; apollo: string }) : null,
  );
  return { ...server, ...server.ready };
}

function residentMemory(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? NaN) / 1_024;
  } catch {
    return NaN;
  }
}

/** Ticks a second of the times in /proc; the same on all of Linux that Node runs on. */
const TICKS = 100;

function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may contain blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return NaN;
  }
}

function mainThreadMs(pid: number): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return NaN;
  }
}
