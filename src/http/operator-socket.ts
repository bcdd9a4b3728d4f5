import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/config';
import type { OperatorBus } from '../operator/operator-bus';
import { answerError, refuseNothingHere, sayWhenToRetry } from './answers';
import type { Guard } from './guard';
import { takeJsonAlone } from './json-body';
import { addOperatorRoute } from './operator';
import { REQUEST_ID } from './request-id';
import { fastifySettings } from './server';

/** Guard of a socket: whoever the file system lets connect is an operator, and nobody is a user. */
const OPERATORS: Guard = {
  operator: async () => undefined,
  user: async () => {
    throw new Error('The socket of operators serves no user.');
  },
  caller: () => {
    throw new Error('The socket of operators serves no user.');
  },
};

/** Serves the operator's route, and nothing else, on a Unix socket. Who may connect is the matter of its folder. */
export async function serveOperators(
  path: string,
  bus: OperatorBus,
  { config, logger }: { readonly config: Pick<Config, 'bodyLimitBytes'>; readonly logger: Logger },
): Promise<{ close(): Promise<void> }> {
  const app = fastify({ ...fastifySettings(config, logger), frameworkErrors: answerError });
  takeJsonAlone(app);
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header(REQUEST_ID, request.id);
  });
  app.addHook('preParsing', refuseNothingHere);
  app.addHook('onSend', sayWhenToRetry);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(refuseNothingHere);
  addOperatorRoute(app, OPERATORS, bus);
  await app.listen({ path });
  return { close: () => app.close() };
}
