import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { REQUEST_ID } from './request-id';

/** Seconds for which a browser remembers that it may ask. */
const REMEMBERED_S = 600;

/**
 * Lets pages of other origins ask, by CORS: those of a list, and no others. Cookies play no part: a page needs a token
 * as everyone does. Without a list nothing changes, `OPTIONS` is refused like any other method.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: [REQUEST_ID, 'retry-after', 'ratelimit', 'ratelimit-policy'],
    maxAge: REMEMBERED_S,
    // Any other OPTIONS is answered like it, in place of a text that is not in the shape of our errors.
    strictPreflight: false,
  });
}
