/**
 * Every address that a server answers. These entries are the only source of the routes, the refusal of other methods,
 * the labels of metrics, the links, and the guide's table.
 */
export interface Route {
  /**
   * A segment that begins with a colon stands for any one: `/users/:id`; a star at the end for all that may follow. The
   * console has the path `/console` here, whatever its setting says.
   */
  readonly path: string;
  /** A `GET` is a `HEAD` too. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Token without which a request is refused before its body is read; `session`: a session of the console alone; `reader`: a
   * user’s or an operator’s.
   */
  readonly guard: 'none' | 'user' | 'session' | 'operator' | 'reader' | 'scraper';
  /** True if a session of the console counts as its user’s token. */
  readonly sessions?: boolean;
  /** Permissions that the user of the token must have, all of them; left out: none. */
  readonly needs?: readonly string[];
  /** Description for the guide. */
  readonly serves: string;
  /** True if only a WebSocket gets it: other requests are answered as if it were not there. */
  readonly socket?: boolean;
  /** Answer to other methods, if there is more to say than the accepted one. */
  readonly wrongMethod?: string;
}

export type OpenRoute = Route & { readonly guard: 'none' };
export type GuardedRoute = Route & { readonly guard: 'user' | 'session' | 'operator' | 'reader' };

const asset = <Name extends string>(name: Name) =>
  ({
    path: `/graphiql/${name}`,
    method: 'GET',
    guard: 'none',
    serves: 'A file of that page.',
  }) as const satisfies Route;

/** Path of the console in this table. */
export const CONSOLE = '/console';

/** Address of SCIM 2.0, below which errors and bodies have its form. */
export const SCIM = '/scim/v2';

const scim = <Method extends Route['method'], Path extends string>(
  method: Method,
  path: Path,
  { needs, serves }: Pick<Route, 'needs' | 'serves'>,
) => ({ path: `${SCIM}${path}`, method, guard: 'user', needs, serves }) as const satisfies Route;

const authzen = (path: string, needs: readonly string[], serves: string) =>
  ({ path: `/access/v1/${path}`, method: 'POST', guard: 'user', needs, serves }) as const satisfies Route;

const CHECK = ['access/check'];
const SEARCH = ['access/check', 'users/view'];
const VIEW = ['users/view'];
/** Answers to changes show the user. */
const CHANGE = ['users/view', 'users/manage'];

export const ROUTES = {
  graphql: {
    path: '/graphql',
    method: 'POST',
    guard: 'user',
    sessions: true,
    serves: 'The API: GraphQL over HTTP, bodies of JSON.',
    wrongMethod: 'This takes only POST. Send queries as JSON.',
  },
  graphqlSocket: {
    path: '/graphql',
    method: 'GET',
    guard: 'none',
    sessions: true,
    socket: true,
    serves:
      'Subscriptions: GraphQL over a WebSocket ([graphql-transport-ws](events.md#graphql-subscriptions)). The token comes with the upgrade or with `connection_init`.',
  },
  landing: {
    path: '/',
    method: 'GET',
    guard: 'none',
    serves: 'Leads to the console; where that is not built, a page with links to the others.',
  },
  console: {
    path: CONSOLE,
    method: 'GET',
    guard: 'none',
    serves: 'The console, at `ROLEBOOK_CONSOLE_PATH`.',
  },
  consoleSession: {
    path: `${CONSOLE}/session`,
    method: 'GET',
    guard: 'session',
    serves: 'Whose session it is, and until when.',
  },
  consoleSignIn: {
    path: `${CONSOLE}/sign-in`,
    method: 'GET',
    guard: 'none',
    serves:
      'Signs in by the code of a link, or leads to the provider, the one of `issuer` where there are several; `to` says where to go then.',
  },
  consoleCallback: {
    path: `${CONSOLE}/callback`,
    method: 'GET',
    guard: 'none',
    serves: 'The way back from the provider.',
  },
  consoleSignOut: {
    path: `${CONSOLE}/sign-out`,
    method: 'POST',
    guard: 'none',
    serves: 'Ends the session; `to` in the answer, if it has one, leads to the sign-out at the provider.',
  },
  consolePage: {
    path: `${CONSOLE}/*`,
    method: 'GET',
    guard: 'none',
    serves: 'Files of the console, and its page at all other addresses below it.',
  },
  graphiql: {
    path: '/graphiql',
    method: 'GET',
    guard: 'none',
    serves:
      'GraphiQL, to try the API; `#token=...` fills in the token. Not there with `ROLEBOOK_INTROSPECTION=off`.',
  },
  graphiqlReact: asset('react.js'),
  graphiqlReactDom: asset('react-dom.js'),
  graphiqlScript: asset('graphiql.js'),
  graphiqlStyle: asset('graphiql.css'),
  graphiqlPage: asset('page.js'),
  events: {
    path: '/events',
    method: 'GET',
    guard: 'reader',
    sessions: true,
    needs: ['audit-log/view'],
    serves:
      '[Events](events.md) of the account, or for operators of all, as CloudEvents: pages and long streams of NDJSON, and server-sent events.',
  },
  eventSchema: {
    path: '/schema/events/:id',
    method: 'GET',
    guard: 'none',
    serves: 'The contract of a version of an event, `UserRegistered.v1.json`: a JSON Schema.',
  },
  asyncApi: {
    path: '/asyncapi.json',
    method: 'GET',
    guard: 'none',
    serves: 'The feeds and all events that they hold, as AsyncAPI 3.1.',
  },
  live: {
    path: '/health/live',
    method: 'GET',
    guard: 'none',
    serves: '200 as soon as the process is up, with `starting` until the read models are loaded.',
  },
  ready: {
    path: '/health/ready',
    method: 'GET',
    guard: 'none',
    serves: '200 while the answers of this replica are current, else 503; the body says why.',
  },
  metrics: {
    path: '/metrics',
    method: 'GET',
    guard: 'scraper',
    serves:
      'Metrics for Prometheus, with `ROLEBOOK_METRICS_TOKEN` if that is set. `?digest=1` takes the digest of the read models too, which needs the token of an operator unless `ROLEBOOK_OPEN_DIGEST` is on.',
  },
  operatorCommands: {
    path: '/operator/commands',
    method: 'POST',
    guard: 'operator',
    serves: 'Commands of the command line, where a server runs on the data folder.',
  },
  authzenConfiguration: {
    path: '/.well-known/authzen-configuration',
    method: 'GET',
    guard: 'none',
    serves: 'The addresses of the [Authorization API](authzen.md) of OpenID AuthZEN.',
  },
  authzenEvaluation: authzen('evaluation', CHECK, 'Whether a user has a permission.'),
  authzenEvaluations: authzen('evaluations', CHECK, 'Up to 1,000 of these at once.'),
  authzenSubjects: authzen('search/subject', SEARCH, 'Users who have a permission.'),
  authzenResources: authzen('search/resource', SEARCH, 'Whether a user has it in the account, as a list.'),
  authzenActions: authzen('search/action', SEARCH, 'Permissions that a user has.'),
  scimConfig: scim('GET', '/ServiceProviderConfig', {
    serves: '[SCIM 2.0](scim.md): the part of it that there is.',
  }),
  scimResourceTypes: scim('GET', '/ResourceTypes', { serves: 'Its resource types: users alone.' }),
  scimResourceType: scim('GET', '/ResourceTypes/:id', { serves: 'One of them.' }),
  scimSchemas: scim('GET', '/Schemas', { serves: 'The attributes of a user that are held.' }),
  scimSchema: scim('GET', '/Schemas/:id', { serves: 'The same by the name of the schema.' }),
  scimUsers: scim('GET', '/Users', {
    needs: VIEW,
    serves: 'Users: `filter`, `startIndex`, `count` up to 100.',
  }),
  scimCreateUser: scim('POST', '/Users', { needs: CHANGE, serves: 'Registers a user.' }),
  scimUser: scim('GET', '/Users/:id', { needs: VIEW, serves: 'A user.' }),
  scimReplaceUser: scim('PUT', '/Users/:id', { needs: CHANGE, serves: 'Sets what the body has.' }),
  scimPatchUser: scim('PATCH', '/Users/:id', {
    needs: CHANGE,
    serves: 'Sets attributes; `active: false` deactivates.',
  }),
  scimDeleteUser: scim('DELETE', '/Users/:id', { needs: ['users/manage'], serves: 'Deactivates a user.' }),
} as const satisfies Record<string, Route>;

const ALL: readonly Route[] = Object.values<Route>(ROUTES);
const BY_PATH: ReadonlyMap<string, readonly Route[]> = new Map(
  ALL.map(({ path }) => [path, ALL.filter((route) => route.path === path)]),
);
const PATTERNS: readonly (readonly string[])[] = [...BY_PATH.keys()]
  .filter((path) => path.includes('/:'))
  .map((path) => path.split('/'));

/** Returns the routes at an address, one for each method; a query string is ignored. */
export function routesAt(url: string): readonly Route[] {
  const path = url.split('?')[0] ?? '';
  return BY_PATH.get(path) ?? BY_PATH.get(patternOf(path)) ?? BY_PATH.get(starOf(path)) ?? [];
}

const STARS: readonly string[] = [...BY_PATH.keys()].filter((path) => path.endsWith('/*'));

/** The path with a star that an address fits; empty if there is none. */
const starOf = (path: string): string => STARS.find((star) => path.startsWith(star.slice(0, -1))) ?? '';

/** The path with a variable segment that an address fits; empty if there is none. */
function patternOf(path: string): string {
  const segments = path.split('/');
  const fits = (pattern: readonly string[]): boolean =>
    pattern.length === segments.length &&
    pattern.every((each, index) => each.startsWith(':') || each === segments[index]);
  return PATTERNS.find(fits)?.join('/') ?? '';
}

/** True for an address of SCIM, there or not. */
export const isScim = (url: string): boolean =>
  url === SCIM || url.startsWith(`${SCIM}/`) || url.startsWith(`${SCIM}?`);

/** Returns the value of the `Allow` header for the routes at one address. */
export const allowed = (routes: readonly Route[]): string =>
  routes
    .filter(({ socket }) => !socket)
    .map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method))
    .join(', ');

/** Names the route of a request for logs and metrics: one of few values, whatever clients send. */
export const routeLabel = (request: {
  readonly url: string;
  readonly routeOptions: { readonly url?: string };
}): string | undefined => {
  const { url = '' } = request.routeOptions;
  // An address of its own below a star, that was asked for by another method.
  return url === '' || url.endsWith('*') ? routesAt(request.url)[0]?.path : url;
};
