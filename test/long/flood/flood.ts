import { buildSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PositionCodec } from '../../../src/shared/position-codec';
import { codecOf } from '../../known-positions';
import { DEMO_ACCOUNT } from '../../../src/operations/demo/seed';
import { progress } from '../../../src/cli/progress';
import type { PartContext } from '../part';
import type { Random } from '../random';
import { assemble } from './cast';
import { client, type Run } from './client';
import { Heavy } from './heavy';
import { Known } from './known';
import { Ledger } from './ledger';
import { Plan } from './requests';
import { FloodServer, type Held } from './server';
import { Tally } from './tally';

/** Result of a flood. */
export interface Flooded {
  readonly server: FloodServer;
  readonly tally: Tally;
  readonly ledger: Ledger;
  readonly heavy: Heavy;
  readonly defaultRoles: readonly string[];
  /** Taken as it went on, evenly over the requests. */
  readonly held: readonly Held[];
  readonly seconds: number;
}

export interface FloodOptions {
  readonly label: string;
  readonly clients: number;
  /** Requests that are wanted. */
  readonly requests: number;
  /** Done once so many requests were sent; requests go on meanwhile. */
  readonly events: readonly { readonly at: number; readonly run: (server: FloodServer) => Promise<void> }[];
  /** Number of memory samples. */
  readonly samples: number;
}

export const SCHEMA_FILE = path.join(process.cwd(), 'schema', 'schema.graphql');

/** The schema that clients see: what is asked for follows from it alone. */
export const publishedSchema = () => buildSchema(readFileSync(SCHEMA_FILE, 'utf8'));

/** Floods a server of its own with random requests from clients that each wait for their answers. */
export async function flood(context: PartContext, options: FloodOptions): Promise<Flooded> {
  const server = await FloodServer.start(options.clients);
  try {
    return await floodServer(server, context, options);
  } catch (error) {
    for (const line of server.faultsLogged().slice(0, 5)) context.say(line);
    server.remove();
    throw error;
  }
}

async function floodServer(
  server: FloodServer,
  { seed, random, minutes }: PartContext,
  { label, clients, requests, events, samples }: FloodOptions,
): Promise<Flooded> {
  const name = `f${seed.toString(36)}`;
  const [known, tally, heavy, ledger] = [new Known(name), new Tally(), new Heavy(), new Ledger()];
  const codec = await codecFor(server);
  const { actors, operatorToken } = await assemble(server.process, server.installation, known);
  const schema = publishedSchema();
  const account = DEMO_ACCOUNT;
  const plan = new Plan({ schema, account, actors, operatorToken, known, tally, heavy });
  const began = performance.now();
  const held: Held[] = [];
  const { pool, isDown, serves } = server;
  const goesOn = (): boolean => tally.requests < requests || performance.now() - began < minutes * 60_000;
  const run: Run = { name, plan, known, ledger, tally, codec, pool, isDown, serves, goesOn };
  const shown = progress(label);
  const ticking = setInterval(() => shown.update(tally.requests, requests), 1_000);
  const pending = [...events, ...evenly(requests, samples, async () => void held.push(await server.held()))];
  pending.sort((a, b) => a.at - b.at);
  try {
    const all = Promise.all(Array.from({ length: clients }, () => client(run, random.fork())));
    await Promise.all([all, watch(pending, server, tally, goesOn)]);
  } finally {
    clearInterval(ticking);
    shown.finish();
  }
  const seconds = (performance.now() - began) / 1_000;
  const defaultRoles = known.defaultRoles.map((id) => id.replace(/^Role:/, ''));
  return { server, tally, ledger, heavy, defaultRoles, held, seconds };
}

type Event = FloodOptions['events'][number];

const evenly = (requests: number, times: number, run: Event['run']): Event[] =>
  Array.from({ length: times }, (_, n) => ({ at: Math.floor(((n + 1) * requests) / times), run }));

const LOOK_EVERY_MS = 50;

/** Does what is due, each thing once its number of requests was sent. */
async function watch(
  pending: Event[],
  server: FloodServer,
  tally: Tally,
  goesOn: () => boolean,
): Promise<void> {
  while (pending.length > 0) {
    const ended = !goesOn();
    while (pending[0] && (ended || tally.requests >= pending[0].at)) await pending.shift()?.run(server);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function codecFor({ installation }: FloodServer): Promise<PositionCodec> {
  const store = await installation.openLog();
  try {
    return await codecOf(store);
  } finally {
    await store.close();
  }
}

export const shuffled = (random: Random, count: number, among: number): number[] =>
  Array.from({ length: count }, (_, n) => Math.floor(((n + random.next()) * among) / count));
