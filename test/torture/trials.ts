import { exec } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ServerProcess } from '../end-to-end/installation';
import { untilItWrites } from './bare';
import { send, type Load } from './clients';
import type { Ledger } from './ledger';
import { probeWish } from './wishes';

/** Trial of the server while it is under load, by the commands of whoever runs it. */
export interface Trial {
  readonly name: string;
  readonly breakIt: string;
  /** For how long it stays broken, in seconds. */
  readonly brokenFor: number;
  readonly mendIt: string | null;
}

/** Result of a trial. All in seconds. */
export interface TrialTimes {
  /** From the blow until the bare client could append again. */
  readonly out: number;
  /** From then until each replica acknowledged a mutation and showed it. */
  readonly serving: readonly number[];
}

const BACK_WITHIN_MS = 120_000;
const SERVES_WITHIN_MS = 60_000;
const PROBE_EVERY_MS = 200;

export interface Bench {
  readonly url: string;
  readonly servers: readonly ServerProcess[];
  readonly ledger: Ledger;
  readonly load: Load;
  readonly say: (text: string) => void;
}

const run = promisify(exec);

export async function runTrial(
  { url, servers, ledger, say }: Bench,
  { name, breakIt, brokenFor, mendIt }: Trial,
): Promise<TrialTimes> {
  say(`${name}: ${breakIt}`);
  const began = performance.now();
  await run(breakIt);
  const mending = sleep(brokenFor * 1_000).then(async () => {
    if (mendIt === null) return;
    say(`${name}: ${mendIt}`);
    await run(mendIt);
  });
  const stop = new AbortController();
  const serving = servers.map((server, index) =>
    untilServes(server, ledger, `p-${name.replaceAll(' ', '-')}-${Date.now()}-${index}`, stop.signal),
  );
  const back = await untilItWrites(url, BACK_WITHIN_MS);
  say(`${name}: the server is back after ${((back - began) / 1_000).toFixed(1)} s`);
  const late = setTimeout(() => stop.abort(), SERVES_WITHIN_MS);
  const served = await Promise.all(serving);
  clearTimeout(late);
  const times = served.map((at) => Math.max(0, at - back) / 1_000);
  say(`${name}: the replicas serve after ${times.map((time) => `${time.toFixed(1)} s`).join(', ')}`);
  await mending;
  return { out: (back - began) / 1_000, serving: times };
}

/**
 * Asks a replica for one thing after the other, each not waiting for those before, until one is acknowledged and can
 * be read. Gives the moment, or infinity when aborted.
 */
async function untilServes(
  server: ServerProcess,
  ledger: Ledger,
  id: string,
  signal: AbortSignal,
): Promise<number> {
  let served = Infinity;
  const probe = async (n: number): Promise<void> => {
    const wish = probeWish(`${id}-${n}`);
    ledger.ask(wish);
    const outcome = await send(server, wish);
    if ('failed' in outcome || outcome.errors.length > 0) return;
    ledger.acknowledge(wish, outcome.position);
    if (outcome.projected) served = Math.min(served, performance.now());
  };
  const probes: Promise<void>[] = [];
  for (let n = 0; served === Infinity && !signal.aborted; n += 1) {
    probes.push(probe(n));
    await sleep(PROBE_EVERY_MS);
  }
  // Requests that the outage left hanging are answered, too, before anything is compared.
  await Promise.all(probes);
  return served;
}
