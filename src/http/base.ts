import type { FastifyRequest } from 'fastify';

/** Host names and addresses, with or without a port. */
const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i;

/** The address of this server as a client knows it; null where it did not name one. */
export const baseOf = ({ protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): string | null =>
  HOST.test(host ?? '') ? `${protocol}://${host}` : null;
