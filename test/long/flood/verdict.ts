import {
  getNamedType,
  isAbstractType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { printTable } from '../../../src/cli/output';
import { parseStream } from '../../../src/event-store/port/streams';
import type { Check, PartReport } from '../part';
import { DEMO_ACCOUNT } from '../../../src/operations/demo/seed';
import { knownPositions, type KnownPositions } from '../../known-positions';
import { publishedSchema, type Flooded } from './flood';
import type { LoggedAppend } from './ledger';
import type { Held } from './server';

/** Checks after a flood, and their results. */

export interface Wanted {
  readonly requests: number;
  /** Requests of each root field and each operator's command. */
  readonly ofEach: number;
  /** True if the server was never killed, so that every request was answered and memory can be compared. */
  readonly steady: boolean;
  readonly kills: number;
}

const ACCEPTED_SHARE = 0.5;
const AT_LIMIT_SHARE = 0.01;
const GROWTH = 1.1;
const SHOWN = 3;

export async function verdictOf(flooded: Flooded, wanted: Wanted): Promise<PartReport> {
  const { server, tally, ledger } = flooded;
  const exitCode = await server.stop();
  const store = await server.installation.openLog();
  const appends: LoggedAppend[] = [];
  let events = 0;
  let positions: KnownPositions;
  try {
    positions = await knownPositions(store, DEMO_ACCOUNT);
    for await (const { stream, type, position, data, metadata } of store.readAll()) {
      events += 1;
      const { commandId, requestId, command, part, parts } = metadata as Record<string, string>;
      // An append stands for its last event, whose position is the append’s.
      if (part !== parts) continue;
      appends.push({
        stream,
        commandId: String(commandId),
        requestId: String(requestId),
        command: String(command),
        about: aboutOf(stream, type, data),
        position: positions.textOf(position),
        isFence: type === 'ClaimAbandoned',
        isBar: type === 'UserBarred',
      });
    }
  } finally {
    await store.close();
  }
  const compared = ledger.compare(
    appends,
    positions.settled,
    await server.installation.keyedIds(ledger.accounts),
  );
  printMix(flooded);
  const checks = [
    ...mixChecks(flooded, wanted),
    check('no answer of 500 or above, no answer missing', tally.failures),
    check('nothing that the server logged as its own fault', server.faultsLogged()),
    { what: 'the server ends when told to', holds: exitCode === 0, found: `exit code ${exitCode}` },
    check(
      'every acknowledged change is in the log',
      compared.lost,
      `${compared.written} written, ${compared.unchanged} without effect`,
    ),
    check('each at the position that was told', compared.misplaced),
    check('none is there twice', compared.doubled),
    check('nothing that was refused is there', compared.disobeyed, `${compared.refused} refused`),
    ...(wanted.steady ? [memoryCheck(flooded.held, tally.requests)] : []),
    ...(await logChecks(flooded)),
  ];
  const { acknowledged, written, unchanged, refused, unanswered } = compared;
  const { requests, accepted, atLimit, heldBack } = tally;
  const counts = {
    requests,
    accepted,
    atLimit,
    heldBack,
    acknowledged,
    written,
    unchanged,
    refused,
    unanswered,
  };
  return { checks, counts: { ...counts, events, kills: wanted.kills, seconds: Math.round(flooded.seconds) } };
}

/** Queries and mutations of a schema. */
export const operationsOf = (schema: GraphQLSchema): string[] => rootsOf(schema).flatMap(namesIn);

/** Fields of all objects that queries and mutations lead to: what subscriptions alone give is not asked for by POST. */
export function fieldsOf(schema: GraphQLSchema): string[] {
  const found = new Set<GraphQLObjectType>();
  const visit = (type: GraphQLNamedType): void => {
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (!isObjectType(type) || found.has(type)) return;
    found.add(type);
    for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
  };
  rootsOf(schema).forEach(visit);
  return [...found].flatMap(namesIn);
}

const rootsOf = (schema: GraphQLSchema): GraphQLObjectType[] =>
  [schema.getQueryType(), schema.getMutationType()] as GraphQLObjectType[];

const namesIn = (type: GraphQLObjectType): string[] =>
  Object.keys(type.getFields()).map((name) => `${type.name}.${name}`);

/** Commands that are an operator's alone. */
const OPERATORS = ['operator openAccount'];

function mixChecks({ tally, defaultRoles }: Flooded, { requests, ofEach, steady }: Wanted): Check[] {
  const schema = publishedSchema();
  const operations = [...operationsOf(schema), ...OPERATORS];
  const seldom = operations.filter((operation) => tally.asked(operation) < ofEach);
  const inVain = operations.filter((operation) => tally.acceptedOf(operation) === 0);
  const fields = fieldsOf(schema);
  const unasked = fields.filter((field) => !tally.fields.has(field));
  const silent = defaultRoles.filter((role) => tally.requestsOf(role) === 0);
  const share = (count: number): string => `${((100 * count) / tally.requests).toFixed(1)} %`;
  return [
    atLeast('requests', tally.requests, requests),
    {
      what: 'at least half of them accepted',
      holds: tally.accepted >= ACCEPTED_SHARE * tally.requests,
      found: share(tally.accepted),
    },
    check(
      `each operation and each mutation at least ${ofEach} times`,
      seldom,
      `${operations.length} of them`,
    ),
    check('each of them accepted at least once', inVain),
    check('every field of every type asked for', unasked, `${fields.length} fields`),
    check('tokens of all default roles', silent, `${defaultRoles.length} roles`),
    {
      what: 'one in a hundred at the limit of cost',
      holds: tally.atLimit >= AT_LIMIT_SHARE * tally.requests || (!steady && tally.atLimit > 0),
      found: share(tally.atLimit),
    },
  ];
}

const atLeast = (what: string, count: number, least: number): Check => ({
  what: `at least ${least.toLocaleString('en')} ${what}`,
  holds: count >= least,
  found: count.toLocaleString('en'),
});

/** Holds where nothing was found. */
const check = (what: string, faults: readonly string[], otherwise = 'none'): Check => ({
  what,
  holds: faults.length === 0,
  found:
    faults.length === 0
      ? otherwise
      : `${faults.length}: ${faults.slice(0, SHOWN).join('\n')}${faults.length > SHOWN ? '\n...' : ''}`,
});

/** Below so many requests the caches of the server, which are bounded, are still being filled. */
const FILLED_AFTER = 25_000;

/** Flat: the last fifth of the samples against the second, for the first fills the caches. */
export function memoryCheck(held: readonly Held[], requests: number): Check {
  const fifth = Math.floor(held.length / 5);
  const mean = (some: readonly Held[]): number =>
    some.reduce((sum, { main, projector }) => sum + main + (projector ?? 0), 0) / some.length;
  const [second, last] = [mean(held.slice(fifth, 2 * fifth)), mean(held.slice(-fifth))];
  const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const silent = held.filter(({ projector }) => projector === null).length;
  const complete = fifth > 0 && silent === 0;
  return {
    what: `memory after a forced collection: last fifth at most ${GROWTH} of the second`,
    holds: complete && requests < FILLED_AFTER ? null : complete && last <= GROWTH * second,
    found: `${mb(second)}, then ${mb(last)}; ${held.length} samples, ${silent} without the projector’s, resident ${mb(held.at(-1)?.rss ?? NaN)}`,
  };
}

async function logChecks({ server: { installation } }: Flooded): Promise<Check[]> {
  const verified = await installation.rolebook('log', 'verify', '--json');
  const before = await installation.rolebook('digest');
  const rebuilt = await installation.rolebook('rebuild');
  const after = await installation.rolebook('digest');
  const digest = before.stdout.trim();
  return [
    {
      what: '`rolebook log verify` finds nothing',
      holds: verified.code === 0,
      found:
        verified.code === 0 ? oneLine(verified.stdout) : `${verified.stdout}${verified.stderr}`.slice(-500),
    },
    {
      what: 'the digest equals that of a rebuild',
      holds: rebuilt.code === 0 && digest !== '' && digest === after.stdout.trim(),
      found:
        digest === after.stdout.trim()
          ? digest
          : `${digest}${before.stderr}, then ${after.stdout}${after.stderr}${rebuilt.stderr}`,
    },
  ];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function printMix({ tally, heavy, seconds }: Flooded): void {
  const { columns, rows } = tally.mix();
  printTable(columns, rows, false);
  printTable(['default role of the caller', 'requests', 'accepted'], tally.roles(), false);
  printTable(['code', 'answers'], tally.codes(), false);
  printTable(['at the limit of cost', 'largest taken', 'largest asked'], heavy.limits(), false);
  process.stdout.write(
    `${tally.requests} requests in ${(seconds / 60).toFixed(1)} minutes; ${tally.heldBack} were held back (503: come again later).\n`,
  );
}

const BARS: ReadonlySet<string> = new Set(['UserBarred', 'UserUnbarred']);

function aboutOf(stream: string, type: string, data: object): string | null {
  if (BARS.has(type)) return (data as { user: string }).user;
  const { category, id } = parseStream(stream) ?? {};
  return category === 'role' || category === 'user' ? (id ?? null) : null;
}
