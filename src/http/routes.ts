/**
 * Every address that a server answers. These entries are the only source of the routes, the refusal of other methods,
 * the labels of metrics, the links, and the guide's table.
 */
export interface Route {
  readonly path: string;
  /** A `GET` is a `HEAD` too. */
  readonly method: 'GET' | 'POST';
  /** Token without which a request is refused before its body is read. */
  readonly guard: 'none' | 'user' | 'operator' | 'scraper';
  /** Description for the guide. */
  readonly serves: string;
  /** Answer to other methods, if there is more to say than the accepted one. */
  readonly wrongMethod?: string;
}

export type OpenRoute = Route & { readonly guard: 'none' };
export type GuardedRoute = Route & { readonly guard: 'user' | 'operator' };

const asset = <Name extends string>(name: Name) =>
  ({
    path: `/graphiql/${name}`,
    method: 'GET',
    guard: 'none',
    serves: 'A file of that page.',
  }) as const satisfies Route;

export const ROUTES = {
  graphql: {
    path: '/graphql',
    method: 'POST',
    guard: 'user',
    serves: 'The API: GraphQL over HTTP, bodies of JSON.',
    wrongMethod: 'This takes only POST. Send queries as JSON; to try them, open /graphiql.',
  },
  landing: {
    path: '/',
    method: 'GET',
    guard: 'none',
    serves: 'A page with links to the others.',
  },
  graphiql: {
    path: '/graphiql',
    method: 'GET',
    guard: 'none',
    serves: 'GraphiQL, to try the API; `#token=...` fills in the token.',
  },
  graphiqlReact: asset('react.js'),
  graphiqlReactDom: asset('react-dom.js'),
  graphiqlScript: asset('graphiql.js'),
  graphiqlStyle: asset('graphiql.css'),
  graphiqlPage: asset('page.js'),
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
} as const satisfies Record<string, Route>;

const BY_PATH: ReadonlyMap<string, Route> = new Map(
  Object.values<Route>(ROUTES).map((route) => [route.path, route]),
);

/** Returns the route at an address, whatever the method; a query string is ignored. */
export const routeAt = (url: string): Route | undefined => BY_PATH.get(url.split('?')[0] ?? '');

/** Returns the value of the `Allow` header. */
export const allowed = ({ method }: Route): string => (method === 'GET' ? 'GET, HEAD' : method);

/** Names the route of a request for logs and metrics: one of few values, whatever clients send. */
export const routeLabel = (request: {
  readonly url: string;
  readonly routeOptions: { readonly url?: string };
}): string | undefined => request.routeOptions.url ?? routeAt(request.url)?.path;
