import type { FastifyInstance } from 'fastify';
import { RequestError } from '../graphql/errors';
import type { OperatorAnswer, OperatorBus } from '../operator/operator-bus';
import { decodeItems, encodeAnswers, type Decoded } from '../operator/operator-wire';
import { addGuardedRoute } from './add-route';
import type { Guard } from './guard';
import { ROUTES } from './routes';

/** Large imports come in batches of some hundred commands; a command on a role may name a thousand users. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * `POST /operator/commands`: the command line's way to the one process that may write to an embedded log. Only for
 * holders of the signing key of this machine; a user's token is refused, whatever the user may do. With `?ahead=1` it
 * answers as soon as all is written; otherwise once the changes can be read.
 */
export function addOperatorRoute(app: FastifyInstance, guard: Guard, bus: OperatorBus): void {
  addGuardedRoute(app, guard, ROUTES.operatorCommands, {
    bodyLimit: BODY_LIMIT_BYTES,
    async handler(request, reply) {
      const ahead = (request.query as { readonly ahead?: unknown }).ahead === '1';
      const decoded = decodedBody(request.body);
      const items = decoded.flatMap(({ item }) => item ?? []);
      const decided = (await bus.executeAll(items, { ahead })).values();
      const answers = decoded.map(({ answer }) => answer ?? (decided.next().value as OperatorAnswer));
      const accepted = answers.filter((answer) => answer.accepted).length;
      request.log.info({ accepted, refused: answers.length - accepted }, 'commands of an operator');
      return reply.type('application/json').send(encodeAnswers(answers));
    },
  });
}

function decodedBody(body: unknown): Decoded[] {
  try {
    return decodeItems(body);
  } catch (error) {
    throw error instanceof SyntaxError ? new RequestError('BAD_USER_INPUT', error.message, {}, 400) : error;
  }
}
