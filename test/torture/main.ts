import 'reflect-metadata';
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { printTable } from '../../src/cli/output';
import { Installation } from '../end-to-end/installation';
import { newPrefix, serverUrl } from '../eventstoredb';
import { serverVersion } from './bare';
import { Load } from './clients';
import { Ledger } from './ledger';
import { runTrial, type Bench, type Trial, type TrialTimes } from './trials';
import { judge, type Verdict } from './verdict';
import { hotRole, wishesOf } from './wishes';

/**
 * Two replicas under load while the server of their log is killed, frozen, or loses its leader. How a server is run is
 * its owner's business, so the commands that do this to it are given. After each trial nothing that was acknowledged may
 * be missing or there twice, both replicas must equal a fresh rebuild, and they must have served again within 5 s.
 */

const SERVES_WITHIN_S = 5;

interface Options {
  readonly clients: string;
  readonly load: string;
  readonly rounds: string;
  readonly frozenFor: string;
  readonly deadFor: string;
  readonly killCommand?: string;
  readonly startCommand?: string;
  readonly freezeCommand?: string;
  readonly thawCommand?: string;
  readonly killLeaderCommand?: string;
  readonly restoreCommand?: string;
}

const program = new Command('torture:eventstoredb')
  .description(
    'Two replicas on the server that EVENTSTOREDB_URL names, while it is killed, frozen, and so on.',
  )
  .option('--kill-command <command>', 'kills the server with SIGKILL')
  .option('--start-command <command>', 'starts it again')
  .option('--freeze-command <command>', 'stops the server (SIGSTOP); in a cluster the leader')
  .option('--thaw-command <command>', 'lets it go on (SIGCONT)')
  .option('--kill-leader-command <command>', 'kills the node of a cluster that leads')
  .option('--restore-command <command>', 'starts the killed node again')
  .option('--clients <n>', 'clients of each replica', '8')
  .option('--load <seconds>', 'load before and after each trial', '8')
  .option('--dead-for <seconds>', 'from a kill to the start', '3')
  .option('--frozen-for <seconds>', 'from freezing to thawing', '30')
  .option('--rounds <n>', 'how often each trial is done', '1');

function trialsOf(options: Options): Trial[] {
  const trials: Trial[] = [];
  const add = (name: string, breakIt: string | undefined, mendIt: string | undefined, seconds: string) => {
    if (breakIt) trials.push({ name, breakIt, mendIt: mendIt ?? null, brokenFor: Number(seconds) });
  };
  add('killed', options.killCommand, options.startCommand, options.deadFor);
  add('frozen', options.freezeCommand, options.thawCommand, options.frozenFor);
  add('leader killed', options.killLeaderCommand, options.restoreCommand, options.deadFor);
  return Array.from({ length: Number(options.rounds) }, () => trials).flat();
}

interface Result {
  readonly name: string;
  readonly times: TrialTimes | null;
  readonly verdict: Verdict;
  readonly retries: number;
  readonly violations: readonly string[];
}

const began = performance.now();
const say = (text: string): void => {
  const at = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
  process.stderr.write(`${at} s  ${text}\n`);
};

async function torture(url: string, options: Options): Promise<boolean> {
  const trials = trialsOf(options);
  if (trials.length === 0) program.error('Nothing to do: give the commands of at least one trial (--help).');
  const run = newPrefix();
  const version = await serverVersion(url);
  say(`EventStoreDB ${version}, streams ${run}.*`);
  const first = new Installation({ EVENTSTOREDB_URL: url, ROLEBOOK_STREAM_PREFIX: run });
  try {
    const results = await runTrials(first, url, run, trials, options);
    report(version, results);
    return results.every((result) => faultsOf(result).length === 0);
  } finally {
    first.remove();
  }
}

async function runTrials(
  first: Installation,
  url: string,
  run: string,
  trials: readonly Trial[],
  options: Options,
): Promise<Result[]> {
  const installations = [first, first.replica()];
  const servers = await Promise.all(installations.map((each) => each.start()));
  say('two replicas serve');
  const ledger = new Ledger();
  const load = new Load(servers, ledger);
  const hot = hotRole(run);
  await load.grant(hot, 0);
  const clients = servers.flatMap((_, home) =>
    Array.from({ length: Number(options.clients) }, (__, n) =>
      load.client(wishesOf(`${run}-${home}-${n}`, hot.role, home === 0 && n === 0), home),
    ),
  );
  const ticking = setInterval(
    () => say(`${ledger.acknowledged} acknowledged, ${load.retries} retries`),
    5_000,
  );
  const bench: Bench = { url, servers, ledger, load, say };
  const results: Result[] = [];
  try {
    for (const trial of [null, ...trials]) {
      const [name, retries, violations] = [trial?.name ?? 'load alone', load.retries, load.violations.length];
      await sleep(Number(options.load) * 1_000);
      const times = trial && (await runTrial(bench, trial));
      if (trial) await sleep(Number(options.load) * 1_000);
      await load.pause();
      say(`${name}: comparing`);
      const verdict = await judge(installations, servers, ledger);
      const result = {
        name,
        times,
        verdict,
        retries: load.retries - retries,
        violations: load.violations.slice(violations),
      };
      results.push(result);
      for (const each of faultsOf(result)) say(`${name}: VIOLATION ${each}`);
      load.resume();
    }
  } finally {
    clearInterval(ticking);
    load.stop();
  }
  await Promise.all(clients);
  if (results.some((result) => faultsOf(result).length > 0))
    for (const [index, server] of servers.entries()) keepLog(index, server.log());
  await Promise.all(servers.map((server) => server.stop()));
  return results;
}

function faultsOf({ times, verdict, violations }: Result): string[] {
  const slow = (times?.serving ?? []).filter((seconds) => seconds > SERVES_WITHIN_S);
  return [
    ...verdict.lost.map((what) => `lost: ${what}`),
    ...verdict.doubled.map((what) => `doubled: ${what}`),
    ...verdict.misplaced.map((what) => `acknowledged at another position: ${what}`),
    ...verdict.faults,
    ...violations.map((what) => `answered ${what}`),
    ...slow.map((seconds) => `a replica served only after ${seconds.toFixed(1)} s`),
  ];
}

function keepLog(index: number, text: string): void {
  const file = path.join(os.tmpdir(), `rolebook-torture-${process.pid}-${index}.log`);
  writeFileSync(file, text);
  say(`the log of replica ${index} is in ${file}`);
}

function report(version: string, results: readonly Result[]): void {
  const seconds = (value: number | undefined): string => (value === undefined ? '' : `${value.toFixed(1)} s`);
  process.stdout.write(`EventStoreDB ${version}\n`);
  printTable(
    [
      'trial',
      'out',
      'serves after',
      'acknowledged',
      'retries',
      'lost',
      'doubled',
      'events',
      'digests',
      'sound',
    ],
    results.map((result) => [
      result.name,
      seconds(result.times?.out),
      result.times?.serving.map(seconds).join(', ') ?? '',
      result.verdict.acknowledged,
      result.retries,
      result.verdict.lost.length,
      result.verdict.doubled.length,
      result.verdict.events,
      result.verdict.faults.length === 0 ? 'equal' : 'differ',
      faultsOf(result).length === 0 ? 'yes' : 'NO',
    ]),
    false,
  );
}

// `--help` answers without a server.
program.parse();
if (serverUrl) {
  torture(serverUrl, program.opts<Options & Record<string, string>>()).then(
    (ok) => process.exit(ok ? 0 : 1),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
} else {
  process.stdout.write('EventStoreDB: not run (set EVENTSTOREDB_URL)\n');
  process.exit(2);
}
