import type { FastifyInstance } from 'fastify';
import { addOpenRoute } from './add-route';
import { PAGE_HEADERS } from './graphiql';
import { ROUTES } from './routes';

interface LandingOptions {
  /** Path of the console, which a browser is led to; null where it is not built: then there is a page with links. */
  readonly console: string | null;
  /** True if GraphiQL is one of the links. */
  readonly graphiql: boolean;
}

/** Adds what a browser finds at the address of the server. */
export function addLanding(app: FastifyInstance, { console: base, graphiql }: LandingOptions): void {
  if (base !== null) {
    addOpenRoute(app, ROUTES.landing, async (_request, reply) => reply.redirect(`${base}/`, 302));
    return;
  }
  const page = pageWith(graphiql ? [GRAPHIQL, ...LINKS] : LINKS);
  addOpenRoute(app, ROUTES.landing, async (_request, reply) => reply.headers(PAGE_HEADERS).send(page));
}

const GRAPHIQL = `<a href="${ROUTES.graphiql.path}">${ROUTES.graphiql.path}</a>: try the API; it needs a token (<code>npx rolebook token &lt;username&gt;</code>)`;
const LINKS = [
  `<code>${ROUTES.graphql.method} ${ROUTES.graphql.path}</code>: the API`,
  `<a href="${ROUTES.ready.path}">${ROUTES.ready.path}</a>: whether this replica is up to date`,
];

const pageWith = (links: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Rolebook</title>
  <link rel="icon" href="data:,">
  <style>body { font: 16px/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1rem }</style>
</head>
<body>
  <h1>Rolebook</h1>
  <p>The book of record for roles: who may do what, now and at any moment of the past.</p>
  <ul>
${links.map((link) => `    <li>${link}</li>`).join('\n')}
  </ul>
</body>
</html>
`;
