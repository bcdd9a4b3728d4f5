import { ROUTES, type Route } from '../../../src/http/routes';
import type { TestServer } from '../harness';
import type { Caller } from './callers';
import type { Question } from './questions';

/** Asks every question as every caller, and compares who was let in with who should be. */

/** Fields asked for at once: at most as many mutations as one request may hold. */
const AT_ONCE = 10;

export interface Outcome {
  /** Number of answers that were compared. */
  readonly compared: number;
  /** Answers that are not as published, in words. */
  readonly mismatches: readonly string[];
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly path?: readonly unknown[];
    readonly extensions: { readonly code: string };
  }[];
}

/** Compares what each caller is answered with what the published needs say. */
export async function compareFields(
  server: Pick<TestServer, 'url'>,
  questions: readonly Question[],
  callers: readonly Caller[],
): Promise<Outcome> {
  const mismatches: string[] = [];
  let compared = 0;
  for (const caller of callers)
    for (const kind of ['query', 'mutation'] as const)
      for (const some of chunks(questions.filter((each) => each.kind === kind && isFor(each, caller)))) {
        const refused = await refusedOf(server, some, caller);
        for (const [index, question] of some.entries()) {
          compared += 1;
          const told = refused(index);
          const wanted = wantedOf(question, caller);
          if (told !== wanted) mismatches.push(`${caller.name}: ${question.name} is ${told}, not ${wanted}`);
        }
      }
  return { compared, mismatches };
}

const isFor = ({ ofRoles }: Question, { is }: Caller): boolean =>
  !ofRoles || typeof is === 'string' || is.hasRole;

const wantedOf = (question: Question, { is }: Caller): string => {
  if (typeof is === 'string') return 'UNAUTHENTICATED';
  return question.mayAsk(is.rights) ? 'let in' : 'FORBIDDEN';
};

/** Asks some questions at once. Resolves to what became of each: `let in`, or the code of its refusal. */
async function refusedOf(
  { url }: Pick<TestServer, 'url'>,
  questions: readonly Question[],
  caller: Caller,
): Promise<(index: number) => string> {
  const { is } = caller;
  const user = typeof is === 'string' ? 'ada' : is.user;
  const asked = questions.map((question) => question.ask(user));
  const named = asked.flatMap(({ variables }, index) =>
    Object.entries(variables).map(([name, { type, value }]) => ({
      variable: `${name}_${index}`,
      type,
      value,
    })),
  );
  const fields = asked.map(({ field, selection, variables }, index) => {
    const args = Object.keys(variables).map((name) => `${name}: $${name}_${index}`);
    return `q${index}: ${field}${args.length > 0 ? `(${args.join(', ')})` : ''} ${selection}`;
  });
  const declared = named.map(({ variable, type }) => `$${variable}: ${type}`);
  const response = await send(url, ROUTES.graphql, caller, {
    query: `${questions[0]!.kind} ${declared.length > 0 ? `(${declared.join(', ')})` : ''} { ${fields.join('\n')} }`,
    variables: Object.fromEntries(named.map(({ variable, value }) => [variable, value])),
  });
  const { data, errors = [] } = (await response.json()) as Answer;
  if (response.status === 401) return () => errors[0]!.extensions.code;
  if (data === undefined) throw new Error(`${questions[0]!.name} and others: ${JSON.stringify(errors)}`);
  return (index) =>
    errors.some(({ path, extensions }) => path?.[0] === `q${index}` && extensions.code === 'FORBIDDEN')
      ? 'FORBIDDEN'
      : 'let in';
}

/** Compares who is let in at each address with the guard that the table of addresses names. */
export async function compareRoutes(
  { url }: Pick<TestServer, 'url'>,
  routes: readonly Route[],
  callers: readonly Caller[],
): Promise<Outcome> {
  const mismatches: string[] = [];
  for (const caller of callers)
    for (const route of routes) {
      const { name } = caller;
      const { guard } = route;
      const { status } = await send(url, route, caller, []);
      const mayCome = mayComeTo(route, caller);
      if ((status !== 401) !== mayCome)
        mismatches.push(`${name}: ${route.path} answers ${status}, its guard is ${guard}`);
    }
  return { compared: callers.length * routes.length, mismatches };
}

/** True for a caller whom the guard of a route names. A session counts where the route says so, or takes nothing else. */
function mayComeTo({ guard, sessions = false }: Route, { session, is }: Caller): boolean {
  if (guard === 'none' || guard === 'scraper') return true;
  if (guard === 'operator') return is === 'operator';
  if (guard === 'reader' && is === 'operator') return true;
  if (typeof is !== 'object') return false;
  return guard === 'session' ? session !== undefined : session === undefined || sessions;
}

const send = (url: string, { path, method }: Route, caller: Caller, body: object): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'rolebook-console': '1',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...(caller.token === null ? {} : { authorization: `Bearer ${caller.token}` }),
      ...(caller.session === undefined ? {} : { cookie: `rolebook-session=${caller.session}` }),
    },
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });

const chunks = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, n) =>
    list.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  );
