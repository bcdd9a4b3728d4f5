import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'undici';
import { DEMO_ACCOUNT } from '../../../src/operations/demo/seed';
import type { PositionCodec } from '../../../src/shared/position-codec';
import type { Random } from '../random';
import type { Known } from './known';
import type { Ledger } from './ledger';
import type { HeavyAnswer } from './heavy';
import { learn } from './learning';
import type { Change, Request } from './request';
import type { Plan } from './requests';
import type { Outcome, Tally } from './tally';

/** State that all clients of a run share. */
export interface Run {
  readonly name: string;
  readonly plan: Plan;
  readonly known: Known;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly codec: PositionCodec;
  readonly pool: () => Pool;
  /** True while the server is being killed or started, so that no answer is no fault. */
  readonly isDown: () => boolean;
  /** Resolves when it serves. */
  readonly serves: () => Promise<void>;
  /** True if another request is wanted. */
  readonly goesOn: () => boolean;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
  readonly requestId: string;
}

interface Payload {
  readonly errors?: readonly { readonly code: string }[];
  readonly position?: string | null;
  readonly projected?: boolean;
}

export interface Body {
  readonly data?: Readonly<Record<string, Payload | null>> | null;
  readonly errors?: readonly {
    readonly message?: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string; readonly cost?: number; readonly limit?: number };
  }[];
  readonly extensions?: { readonly position?: string | null };
}

const INTERNAL = 'INTERNAL_SERVER_ERROR';
const MOST_PAGES = 3;
/** A server that holds back for longer than this serves nobody. */
const MOST_RETRIES = 200;
const LONGEST_PAUSE_MS = 2_000;
/** Length of a failure's text in the report. */
const TOLD = 600;

let sent = 0;

/** Sends one request after the other, each when the one before is answered. */
export async function client(run: Run, random: Random): Promise<void> {
  while (run.goesOn()) {
    let request: Request | null = run.plan.next(random);
    for (let page = 0; request && page < MOST_PAGES; page += 1)
      request = await exchange(run, request, random);
  }
}

/** @returns the request for the page that follows, if there is one and it is wanted */
async function exchange(run: Run, request: Request, random: Random): Promise<Request | null> {
  const { tally, ledger } = run;
  const answer = await untilAnswered(run, request, random);
  const roles = request.actor?.roles ?? [];
  if (answer === null) {
    ledger.unanswered += request.changes.size;
    tally.count(request.operations, 'unanswered', roles);
    return null;
  }
  const body = parsed(answer.text);
  const outcome = settle(run, request, answer, body);
  tally.count(request.operations, outcome, roles);
  if (request.atLimit) tally.atLimit += 1;
  if (outcome === 'failed')
    tally.fail(
      `${answer.status} ${answer.text.slice(0, TOLD)} to ${answer.requestId}: ${request.body.slice(0, TOLD)}`,
    );
  else request.answered?.(heavyAnswer(outcome, (body ?? {}) as Body));
  return outcome === 'accepted' && random.chance(0.4) ? following(run, request, body) : null;
}

/** Null where the server was killed before it answered, and the request is not sent again. */
async function untilAnswered(run: Run, request: Request, random: Random): Promise<Answer | null> {
  for (let retries = 0; ;) {
    await run.serves();
    const requestId = `${run.name}.${(sent += 1)}`;
    try {
      const { statusCode, headers, body } = await run.pool().request({
        path: request.path,
        method: request.method,
        headers: { ...request.headers, 'x-request-id': requestId },
        body: request.method === 'GET' ? null : request.body,
      });
      const retryAfter = headers['retry-after'];
      const answer = {
        status: statusCode,
        retryAfter: retryAfter?.toString(),
        text: await body.text(),
        requestId,
      };
      if (statusCode !== 503 || answer.retryAfter === undefined || retries >= MOST_RETRIES) return answer;
      run.tally.heldBack += 1;
      retries += 1;
      await sleep(Math.min(LONGEST_PAUSE_MS, Number(answer.retryAfter) * 1_000 || 100) * random.next());
    } catch (error) {
      if (!run.isDown()) return { status: 0, retryAfter: undefined, text: String(error), requestId };
      // A change under a key can be asked for again; of others nobody knows what came.
      const repeatable = [...request.changes.values()].every(({ key }) => key !== null);
      if (!repeatable || random.chance(0.3)) return null;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Learns from an answer, and enters it into the ledger. */
function settle(run: Run, request: Request, answer: Answer, body: unknown): Outcome {
  const { status } = answer;
  const { data, errors = [], extensions } = (body ?? {}) as Body;
  const isBehind = status === 503 && errors.length > 0 && errors.every((error) => codeOf(error) === BEHIND);
  if (isBehind) run.tally.heldBack += 1;
  else if (status === 0 || status >= 500) {
    run.tally.code(`status ${status}`);
    run.ledger.unanswered += request.changes.size;
    return 'failed';
  }
  if (request.path !== '/graphql' && Array.isArray(body))
    return settleItems(run, request, answer, body as Item[]);
  if (errors.length === 0 && status >= 400) run.tally.code(`status ${status}`);
  for (const { extensions: details } of errors) run.tally.code(details?.code ?? 'none');
  if (extensions?.position) run.known.addPosition(extensions.position);
  let refused = false;
  for (const [alias, change] of request.changes) {
    const payload = data?.[alias];
    const asked = { ...change, requestId: answer.requestId };
    if (!payload?.errors) {
      enterFailure(
        run,
        asked,
        errors.filter(({ path }) => !path || (path[0] === alias && path.length === 1)),
      );
      continue;
    }
    if (payload.projected === false) run.tally.code('(not projected yet)');
    if (payload.errors.length === 0) {
      run.ledger.acknowledge(asked, payload.position ?? null);
      learn(run.known, change, payload);
    } else {
      refused = true;
      run.ledger.refuse(asked);
      for (const { code } of payload.errors) run.tally.code(`(${code})`);
    }
  }
  rights(request, errors);
  if (errors.some(({ extensions: details }) => (details?.code ?? INTERNAL) === INTERNAL)) return 'failed';
  if (errors.length > 0 || status >= 400) return 'faulty';
  return refused ? 'refused' : 'accepted';
}

const codeOf = ({ extensions }: NonNullable<Body['errors']>[number]): string => extensions?.code ?? '';

/** The tables are too far behind to decide on, as where the machine has no time for them: a passing state, not a fault. */
const BEHIND = 'STALE_REPLICA';
/** Errors that say for certain that nothing was written. */
const NOTHING_DONE = [
  BEHIND,
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'QUERY_TOO_COMPLEX',
  'UNAUTHENTICATED',
  'BAD_REQUEST',
];

/** A change without a payload: refused as a whole, or cut off by an error inside of the payload. */
function enterFailure(
  { ledger }: Run,
  asked: Change & { readonly requestId: string },
  errors: NonNullable<Body['errors']>,
): void {
  const codes = errors.map(codeOf);
  const isRefused = codes.some((code) => NOTHING_DONE.includes(code) || code.startsWith('GRAPHQL_'));
  if (isRefused) ledger.refuse(asked);
  else ledger.unanswered += 1;
}

/** Remembers what a caller was forbidden, field by field, and what not. */
function rights({ document, actor }: Request, errors: NonNullable<Body['errors']>): void {
  if (!document || !actor) return;
  for (const { path = [], extensions } of errors) {
    if (extensions?.code !== 'FORBIDDEN') continue;
    const place = path.filter((each) => typeof each === 'string').join('.');
    const coordinate = document.coordinates.get(place);
    if (coordinate !== undefined) actor.forbid(coordinate);
  }
  if (errors.length === 0) for (const coordinate of document.coordinates.values()) actor.allow(coordinate);
}

interface Item {
  readonly accepted: boolean;
  readonly position?: string | null;
  readonly error?: { readonly code: string };
  readonly refusals?: readonly { readonly code: string }[];
}

function settleItems(run: Run, request: Request, { requestId }: Answer, items: readonly Item[]): Outcome {
  let refused = false;
  for (const [index, change] of request.changes) {
    const item = items[Number(index)];
    const asked = { ...change, requestId };
    if (item?.accepted) {
      const { position } = item;
      run.ledger.acknowledge(
        asked,
        position == null ? null : run.codec.encodePending(BigInt(position), DEMO_ACCOUNT),
      );
      continue;
    }
    refused = true;
    for (const { code } of item?.refusals ?? []) run.tally.code(`(${code})`);
    if (item?.error) {
      run.tally.code(item.error.code);
      run.ledger.unanswered += 1;
    } else if (item) run.ledger.refuse(asked);
  }
  return refused ? 'refused' : 'accepted';
}

function heavyAnswer(outcome: Outcome, { errors }: Body): HeavyAnswer {
  const { cost, limit } = errors?.[0]?.extensions ?? {};
  return { tooCostly: outcome !== 'accepted', cost, limit };
}

function following(run: Run, request: Request, body: unknown): Request | null {
  for (const alias of request.document?.pages.keys() ?? []) {
    const connection = (body as Body).data?.[alias] as
      | { readonly page?: { readonly hasNextPage: boolean; readonly endCursor: string | null } }
      | null
      | undefined;
    const { hasNextPage, endCursor } = connection?.page ?? {};
    if (hasNextPage && endCursor) return run.plan.following(request, alias, endCursor);
  }
  return null;
}
