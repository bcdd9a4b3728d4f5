import fastify from 'fastify';
import { addGuardedRoute, addOpenRoute } from '../../src/http/add-route';
import type { Guard } from '../../src/http/guard';
import { serveKnownRoutes } from '../../src/http/known-routes';
import { ROUTES, type GuardedRoute, type OpenRoute } from '../../src/http/routes';

/** A route that the table of addresses does not name, or names with another guard, fails the start. */

const answer = async (): Promise<string> => 'ok';
const nobody = {} as Guard;

function newApp() {
  const app = fastify();
  serveKnownRoutes(app);
  return app;
}

test('those of the table are served, a GET as HEAD too, and preflight requests', async () => {
  const app = newApp();
  addOpenRoute(app, ROUTES.landing, answer);
  addGuardedRoute(app, nobody, ROUTES.graphql, { handler: answer });
  app.options('*', answer);
  await app.ready();
  expect((await app.inject('/')).statusCode).toBe(200);
  expect((await app.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200);
  await app.close();
});

test('others are refused when they are added', () => {
  expect(() => newApp().get('/debug', answer)).toThrow('GET /debug is not in the table');
  expect(() => newApp().put('/graphql', answer)).toThrow('PUT /graphql is not in the table');
  expect(() => newApp().all('/', answer)).toThrow(/\/ is not in the table|behind the guard/);
});

test('so is one behind another guard, or behind none', () => {
  expect(() => newApp().post('/graphql', answer)).toThrow(
    'POST /graphql is behind the guard undefined, not user',
  );
  const open = { ...ROUTES.graphql, guard: 'none' } as OpenRoute;
  expect(() => addOpenRoute(newApp(), open, answer)).toThrow('behind the guard none, not user');
  const operators = { ...ROUTES.graphql, guard: 'operator' } as GuardedRoute;
  expect(() => addGuardedRoute(newApp(), nobody, operators, { handler: answer })).toThrow(
    'behind the guard operator, not user',
  );
});
