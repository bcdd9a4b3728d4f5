import type { FastifyInstance } from 'fastify';
import type { OperatorBus } from '../operations/operator-bus';
import { decodeItems, encodeAnswers } from '../operations/operator-wire';
import { bearerToken, verifyToken, type SigningKey } from './authentication';

/** Large imports come in batches of a thousand commands. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * `POST /operator/commands`: the command line's way to the one process that may write to an embedded log. For whoever
 * holds the signing key of this machine; a user's token is refused, whatever the user may do.
 */
export function addOperatorRoute(app: FastifyInstance, bus: OperatorBus, signingKey: SigningKey): void {
  app.post('/operator/commands', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const token = bearerToken(request.headers.authorization);
    const identity = token === null ? null : await verifyToken(signingKey, token).catch(() => null);
    if (identity?.kind !== 'operator')
      return reply.code(401).send({ code: 'UNAUTHENTICATED', message: 'An operator’s token is needed.' });
    let items;
    try {
      items = decodeItems(request.body);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return reply.code(400).send({ code: 'BAD_USER_INPUT', message: error.message });
    }
    return reply.type('application/json').send(encodeAnswers(await bus.executeAll(items)));
  });
}
