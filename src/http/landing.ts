import type { FastifyInstance } from 'fastify';
import { PAGE_HEADERS } from './graphiql';

/** `/`: where to go from here. */
export function addLanding(app: FastifyInstance): void {
  app.get('/', async (_request, reply) => reply.headers(PAGE_HEADERS).send(PAGE));
}

const PAGE = `<!doctype html>
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
    <li><a href="/graphiql">/graphiql</a>: try the API; it needs a token (<code>npx rolebook token &lt;username&gt;</code>)</li>
    <li><code>POST /graphql</code>: the API</li>
    <li><a href="/health/ready">/health/ready</a>: whether this replica is up to date</li>
  </ul>
</body>
</html>
`;
