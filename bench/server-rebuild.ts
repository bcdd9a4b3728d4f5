import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { message } from '../src/cli/output';
import { progress } from '../src/cli/progress';
import { openKeyBook } from '../src/app/open-key-book';
import { openLog } from '../src/app/open-log';
import { loadConfig } from '../src/config/config';
import {
  EventStoreError,
  type EventStore,
  type EventStoreErrorCode,
} from '../src/event-store/port/event-store';
import { KeyedSealing } from '../src/sealing/keyed-sealing';
import type { CountedRead } from './counted-reads';
import { catalogueFile, ROOT } from './data';
import { ACCOUNT, PopulationLog } from './population/events';
import { planOf } from './population/plan';
import { shapeOf } from './population/shape';
import { writeUsers } from './population/users-file';
import { writeAll } from './population/write';
import { rolebook, startRolebook, type RunningServer } from './processes';
import type { Figure } from './report/figure';
import { sized } from './context';

/**
 * Read models of so many users, built anew from a log in EventStoreDB by a replica that has none, beside those of a
 * replica that followed the log while it was written; and every read of the key book on the way.
 */

/** Way of the users into the log. */
export type Source =
  /** Command `rolebook import users`, as an operator brings them in. */
  | 'import'
  /** Events that commands would have written, straight into the log: in a fraction of the time. */
  | 'events';

export interface ServerRebuild {
  readonly users: number;
  readonly from: Source;
  readonly figures: readonly Figure[];
  /** Events of the log that both replicas show, and the digest of their read models. */
  readonly digests: { readonly rebuilt: string; readonly followed: string };
  /** Reads of the key book by the replica that was built anew, by its threads. */
  readonly keyReads: readonly KeyReads[];
}

export interface KeyReads {
  readonly thread: string;
  readonly reads: number;
  /** Streams that were read. */
  readonly streams: number;
  readonly events: number;
  readonly megabytes: number;
}

type Settings = Readonly<Record<string, string>>;

/** Folders and settings of one run, on streams of its own. */
class Run {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'rolebook-bench-'));
  readonly settings: Settings;
  readonly reads = path.join(this.root, 'reads.ndjson');

  constructor(url: string) {
    const masterKeys = path.join(this.root, 'master.keys');
    writeFileSync(masterKeys, `bench ${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    this.settings = {
      EVENTSTOREDB_URL: url,
      ROLEBOOK_STREAM_PREFIX: `bench_${randomUUID().slice(0, 8)}`,
      ROLEBOOK_MASTER_KEY_FILE: masterKeys,
      ROLEBOOK_LOG_LEVEL: 'warn',
    };
  }

  directory(name: string): string {
    return path.join(this.root, name);
  }

  of(name: string): Settings {
    return { ...this.settings, ROLEBOOK_DATA_DIR: this.directory(name) };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export async function rebuildOnServer(url: string, users: number, from: Source): Promise<ServerRebuild> {
  const run = new Run(url);
  try {
    const follower = await startRolebook(run.directory('followed'), { settings: run.settings });
    await until(() => isReady(follower));
    await rolebook(['account', 'open', ACCOUNT, '--admin', 'first-admin'], run.of('followed'));
    message(`Bringing in ${users.toLocaleString('en')} users`);
    const began = performance.now();
    const importing = from === 'import' ? importUsers(run, users) : writeEvents(run, users);
    const importCpu = await importing;
    const imported = (performance.now() - began) / 1_000;
    message('Building the read models anew');
    const { server, seconds, cpu, memory } = await rebuild(run);
    const digests = await compare(run, server, follower);
    await Promise.all([server.stop(), follower.stop()]);
    const what = `${sized(users)} users`;
    const how = from === 'import' ? 'import' : 'writing the events';
    const figure = (figured: string, value: number, unit: Figure['unit']): Figure => ({
      group: 'rebuild on EventStoreDB',
      what: figured,
      value,
      unit,
    });
    const events = Number(digests.rebuilt.split(':')[0]);
    return {
      users,
      from,
      digests,
      keyReads: keyReadsOf(run, server.pid),
      figures: [
        figure(`${how} of ${what}`, imported, 's'),
        figure(`${how} of ${what}, rate`, users / imported, '/s'),
        ...(importCpu === null ? [] : [figure(`${how} of ${what}, CPU of the command`, importCpu, 's')]),
        figure(`rebuild of ${what}, from the start of the process until it is ready`, seconds, 's'),
        figure(`rebuild of ${what}, events`, events / seconds, '/s'),
        figure(`rebuild of ${what}, CPU of the process`, cpu, 's'),
        figure(`rebuild of ${what}, memory of the process when ready`, memory, 'MB'),
      ],
    };
  } finally {
    run.remove();
  }
}

/** Resolves with the CPU time of the command; the server that runs on the folder does what it asks for. */
async function importUsers(run: Run, users: number): Promise<number> {
  const file = path.join(run.root, 'users.csv');
  await writeUsers(file, users, 0);
  let spent = NaN;
  await rolebook(['import', 'users', file, '--account', ACCOUNT], run.of('followed'), ({ cpu }) => {
    if (Number.isFinite(cpu)) spent = cpu;
  });
  return spent;
}

async function writeEvents(run: Run, users: number): Promise<null> {
  // Before anything is connected: it holds the thread for a while.
  const population = new PopulationLog(planOf(shapeOf(users), catalogueFile()), []);
  const config = loadConfig(run.of('written'));
  const store = await openLog(config, { readOnly: false });
  const book = await openKeyBook(config, { readOnly: false });
  try {
    const sealing = await new KeyedSealing(book).account(ACCOUNT);
    let written = 0;
    const shown = progress('Writing events');
    const lasting = { append: appending(store) };
    await writeAll({ store: lasting, sealing }, population.users(), (events) =>
      shown.update((written += events), users * 2),
    );
    shown.finish();
    return null;
  } finally {
    await book.close();
    await store.close();
  }
}

/** Longest that the server may be out of reach while events are written. */
const PATIENCE_S = 300;

/** Appends that a busy server is waited for: the log recognises what it has already. */
function appending(store: EventStore): EventStore['append'] {
  return async (stream, expected, events) => {
    const until = performance.now() + PATIENCE_S * 1_000;
    for (;;) {
      try {
        return await store.append(stream, expected, events);
      } catch (error) {
        const isAway = error instanceof EventStoreError && AWAY.has(error.code);
        if (!isAway || performance.now() > until) throw error;
        await sleep(1_000);
      }
    }
  };
}
const AWAY: ReadonlySet<string> = new Set<EventStoreErrorCode>(['UNAVAILABLE', 'UNKNOWN_OUTCOME']);

interface Rebuilt {
  readonly server: RunningServer;
  readonly seconds: number;
  readonly cpu: number;
  readonly memory: number;
}

async function rebuild(run: Run): Promise<Rebuilt> {
  const began = performance.now();
  const server = await startRolebook(run.directory('rebuilt'), {
    settings: {
      ...run.settings,
      COUNTED_READS: run.reads,
      NODE_OPTIONS: `--require=${path.join(ROOT, 'dist', 'bench', 'counted-reads.js')}`,
    },
  });
  await until(() => isReady(server));
  const seconds = (performance.now() - began) / 1_000;
  return { server, seconds, cpu: server.cpu(), memory: server.memory() };
}

/** Digests of both replicas once the one that followed shows what the other does. */
async function compare(
  run: Run,
  server: RunningServer,
  follower: RunningServer,
): Promise<ServerRebuild['digests']> {
  await until(async () => (await isReady(server)) && (await isReady(follower)));
  const digest = async (name: string): Promise<string> => (await rolebook(['digest'], run.of(name))).trim();
  return { rebuilt: await digest('rebuilt'), followed: await digest('followed') };
}

function keyReadsOf(run: Run, pid: number): KeyReads[] {
  const lines = existsSync(run.reads) ? readFileSync(run.reads, 'utf8').trim().split('\n') : [];
  const reads = lines.map((line) => JSON.parse(line) as CountedRead).filter(({ process }) => process === pid);
  const threads = [...new Set(reads.map(({ thread }) => thread))].sort((a, b) => a - b);
  return threads.map((thread) => {
    const own = reads.filter((read) => read.thread === thread);
    return {
      thread: thread === 0 ? 'main' : `worker ${thread}`,
      reads: own.length,
      streams: new Set(own.map(({ stream }) => stream)).size,
      events: own.reduce((sum, { events }) => sum + events, 0),
      megabytes: own.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000,
    };
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(200);
}

async function isReady({ url }: RunningServer): Promise<boolean> {
  return (await fetch(`${url}/health/ready`)).ok;
}
