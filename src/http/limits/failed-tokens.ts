import type { FastifyRequest } from 'fastify';
import { RequestError } from '../../graphql/errors';
import type { Guard } from '../guard';
import type { RateLimits } from './rate-limits';

/** Makes a guard answer 429 in place of 401 to addresses that keep sending tokens which fail. */
export function limitFailures(guard: Guard, limits: RateLimits): Guard {
  const counted =
    (admit: (request: FastifyRequest) => Promise<void>) =>
    async (request: FastifyRequest): Promise<void> => {
      try {
        await admit(request);
      } catch (error) {
        if (error instanceof RequestError && error.code === 'UNAUTHENTICATED')
          await limits.failure(request.ip);
        throw error;
      }
    };
  return {
    user: counted((request) => guard.user(request)),
    operator: counted((request) => guard.operator(request)),
    scraper: counted((request) => guard.scraper(request)),
    caller: (request) => guard.caller(request),
  };
}
