import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Random } from '../random';
import { actorFor, adminsAmong, type Actor } from './actors';
import { argumentsOf, randomDocument, type Document } from './documents';
import { screen } from './hand-list';
import type { Heavy } from './heavy';
import type { Known } from './known';
import { operatorRequest } from './operators';
import type { Change, Request } from './request';
import { spoiled, spoiledText } from './spoiling';
import type { Tally } from './tally';

export interface PlanOptions {
  readonly schema: GraphQLSchema;
  readonly account: string;
  readonly actors: readonly Actor[];
  /** Token of an operator of the server. */
  readonly operatorToken: string;
  readonly known: Known;
  readonly tally: Tally;
  readonly heavy: Heavy;
}

/** One in so many is at the limit of cost; more often while that is being looked for. */
const HEAVY_EVERY = 70;
const SEEKING_EVERY = 8;
const MUTATIONS = 0.5;
const SCREENS = 0.2;
const TWO_FIELDS = 0.15;
const SPOILED_MUTATIONS = 0.15;
const SPOILED_QUERIES = 0.05;
const SPOILED_TEXTS = 0.02;
const BROKEN = 0.02;
const OPERATORS = 0.03;

/** Makes up one request after the other; all clients of a run share it. */
export class Plan {
  #count = 0;

  constructor(private readonly options: PlanOptions) {}

  next(random: Random): Request {
    this.#count += 1;
    const { known, account, operatorToken } = this.options;
    const every = this.options.heavy.found ? HEAVY_EVERY : SEEKING_EVERY;
    if (this.#count % every === 0) return this.#heavy(random);
    if (random.chance(OPERATORS)) return operatorRequest({ known, account, token: operatorToken }, random);
    if (random.chance(BROKEN)) return this.#broken(random);
    if (random.chance(MUTATIONS)) return this.#mutation(random);
    return random.chance(SCREENS) ? this.#screen(random) : this.#query(random);
  }

  /** The page that follows one that was answered, as the same caller. */
  following(request: Request, alias: string, cursor: string): Request | null {
    const { document, actor } = request;
    const variable = document?.pages.get(alias);
    if (!document || !actor || variable === undefined) return null;
    return this.#request({ ...document, variables: { ...document.variables, [variable]: cursor } }, actor);
  }

  #query(random: Random): Request {
    const roots = this.#roots('query', random);
    const actor = this.#actor('Query', roots, random);
    const document = this.#document('query', roots, actor, random);
    if (random.chance(SPOILED_TEXTS))
      return this.#request({ ...document, query: spoiledText(document.query, random) }, actor);
    if (!random.chance(SPOILED_QUERIES)) return this.#request(document, actor);
    return this.#request({ ...document, variables: spoiledVariables(document, random) }, actor);
  }

  #mutation(random: Random): Request {
    const roots = this.#roots('mutation', random);
    const actor = this.#actor('Mutation', roots, random);
    const document = this.#document('mutation', roots, actor, random);
    const isSpoiled = random.chance(SPOILED_MUTATIONS);
    const sent = isSpoiled ? { ...document, variables: spoiledVariables(document, random) } : document;
    const changes = new Map<string, Change>();
    for (const [alias, command] of sent.roots) {
      const { input } = argumentsOf(sent, alias) as { input?: unknown };
      const fields = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
      changes.set(alias, {
        account: this.options.account,
        user: actor.user,
        command,
        key: typeof fields['idempotencyKey'] === 'string' ? fields['idempotencyKey'] || null : null,
        target: targetOf(command, fields),
        mustWrite: !isSpoiled && mustWrite(command, fields),
        input: fields,
      });
    }
    return { ...this.#request(sent, actor), changes };
  }

  #screen(random: Random): Request {
    const document = screen(random, this.options.known);
    const roots = [...document.roots.values()];
    return this.#request(document, this.#actor('Query', roots, random));
  }

  #heavy(random: Random): Request {
    const { heavy, known, actors } = this.options;
    const { document, atLimit, answered } = heavy.probe(known, random);
    return { ...this.#request(document, random.pick(adminsAmong(actors))), atLimit, answered };
  }

  /** Makes a request that is none for GraphQL, or comes from nobody. */
  #broken(random: Random): Request {
    const whole = this.#query(random);
    const { authorization: _, ...withoutToken } = whole.headers;
    const broken: Partial<Request> = random.pick([
      { headers: withoutToken },
      { headers: { ...whole.headers, authorization: 'Bearer x.y.z' } },
      { headers: { ...whole.headers, authorization: `${whole.headers['authorization']?.slice(0, -4)}AAAA` } },
      { headers: { ...whole.headers, 'content-type': 'text/plain' } },
      { headers: { ...whole.headers, 'rolebook-min-position': 'nonsense' } },
      { body: whole.body.slice(0, -5) },
      { body: '[]' },
      { body: `[${whole.body},${whole.body}]` },
      { body: 'null' },
      { body: '{"query":5}' },
      { body: `{"query":"{me{id}}","variables":${'['.repeat(500)}${']'.repeat(500)}}` },
      { method: 'GET', path: `/graphql?query=${encodeURIComponent('{me{id}}')}`, body: '' },
      { method: 'GET', path: random.pick(['/%', '/nothing', '/graphql/..%2f', '/health/live']), body: '' },
    ]);
    return { ...whole, operations: ['(broken)'], document: null, ...broken };
  }

  /** Fields of the root, the least asked first, so that none is left out. */
  #roots(kind: 'query' | 'mutation', random: Random): string[] {
    const { schema, tally } = this.options;
    const type = (kind === 'query' ? schema.getQueryType() : schema.getMutationType()) as GraphQLObjectType;
    const weighed = Object.keys(type.getFields()).map(
      (name) => [name, (1 + tally.asked(`${type.name}.${name}`)) * random.next()] as const,
    );
    weighed.sort(([, a], [, b]) => a - b);
    return weighed.slice(0, random.chance(TWO_FIELDS) ? 2 : 1).map(([name]) => name);
  }

  #actor(type: string, roots: readonly string[], random: Random): Actor {
    return actorFor(
      roots.map((root) => `${type}.${root}`),
      this.options.actors,
      random,
    );
  }

  #document(kind: 'query' | 'mutation', roots: readonly string[], actor: Actor, random: Random): Document {
    const { schema, known, tally } = this.options;
    // Now and then also what the caller was forbidden.
    const bold = random.chance(0.1);
    const allowed = (coordinate: string): boolean => bold || actor.may(coordinate);
    return randomDocument(kind, roots, { schema, random, known, allowed, asked: tally.fields });
  }

  #request(document: Document, actor: Actor): Request {
    const { query, variables, roots } = document;
    const kind = /^\s*mutation\b/.test(query) ? 'Mutation' : 'Query';
    const operations = [...new Set([...roots.values()].map((root) => `${kind}.${root}`))];
    return {
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${actor.token}` },
      body: JSON.stringify({ query, variables }),
      actor,
      operations: operations.length > 0 ? operations : ['(introspection)'],
      document,
      changes: new Map(),
      atLimit: false,
    };
  }
}

/** One of the variables, with one of its parts replaced. */
function spoiledVariables({ variables }: Document, random: Random): Record<string, unknown> {
  const names = Object.keys(variables);
  if (names.length === 0) return { unknown: 1 };
  const name = random.pick(names);
  return { ...variables, [name]: spoiled(variables[name], random) };
}

/** Commands that always change something where they are accepted: whoever deletes again changes nothing. */
const CREATING = ['createRole', 'duplicateRole', 'registerUser'];

/** Global ids name the type first: `User:ann`. */
function targetOf(command: string, { id, roleId }: Record<string, unknown>): string | null {
  const target = id ?? roleId;
  return CREATING.includes(command) || typeof target !== 'string'
    ? null
    : target.replace(/^(Role|User):/, '');
}

/** Names and descriptions are new each time, but for a username that is released, which may be done twice. */
const mustWrite = (command: string, { name, username, description }: Record<string, unknown>): boolean =>
  command !== 'releaseUsername' &&
  (CREATING.includes(command) || [name, username, description].some((each) => typeof each === 'string'));
