import '../../src/config/production';
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type RouteHandlerMethod } from 'fastify';
import pino from 'pino';
import { loadConfig } from '../../src/config/config';
import { apolloSettings } from '../../src/http/graphql/apollo';
import { fastifySettings } from '../../src/http/app';
import { ROUTES } from '../../src/http/routes';

/**
 * Upper bound of this machine, in a process of its own: a bare HTTP server, and on Fastify Apollo's hello world and a
 * route that answers a constant to a check, all set up exactly as Rolebook's. Prints the two addresses as JSON.
 */
async function main(): Promise<void> {
  const bare = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"hello":"world"}}');
    });
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const apollo = new ApolloServer({
    ...apolloSettings(logger),
    typeDefs: 'type Query { hello: String! }',
    resolvers: { Query: { hello: () => 'world' } },
  });
  await apollo.start();
  const app = fastify(fastifySettings(loadConfig({}), logger));
  const handler = fastifyApolloHandler(apollo, { context: async () => ({}) });
  app.route({ method: 'POST', url: '/graphql', handler: handler as unknown as RouteHandlerMethod });
  app.post(ROUTES.authzenEvaluation.path, async () => ({ decision: true }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = bare.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ bare: `http://127.0.0.1:${port}`, apollo: url })}\n`);
}

void main();
