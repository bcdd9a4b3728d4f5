import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config';
import { LOOPBACK } from '../../config/loopback';
import { newApp, type AppParts } from '../app';
import { Listener, type Address } from './listener';

/** Metrics at an address of their own, which a firewall can keep to the scraper. */

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Place of the metrics: at an address of their own, beside the API (`here`), or, since everybody could read them
 * there, not at all (`nowhere`).
 */
export const metricsPlace = ({
  host,
  metricsAddress,
  metricsToken,
  oidc,
}: Pick<Config, 'host' | 'metricsAddress' | 'metricsToken' | 'oidc'>): Address | 'here' | 'nowhere' =>
  metricsAddress ??
  ((LOOPBACK.includes(host) && oidc === null) || metricsToken !== null ? 'here' : 'nowhere');

/**
 * Listens at an address, and serves the routes that `add` adds.
 * @throws EADDRINUSE and others that listening throws
 */
export async function startMetricsServer(
  address: Address,
  parts: Pick<AppParts, 'config' | 'logger'>,
  add: (app: FastifyInstance) => void,
): Promise<MetricsServer> {
  const listener = new Listener((_request, response) => response.destroy());
  const app = newApp({ ...parts, listener });
  add(app);
  await app.ready();
  listener.answerWith((request, response) => app.routing(request, response));
  await listener.listen(address);
  return {
    url: listener.url ?? '',
    async close() {
      await listener.drain();
      await app.close();
    },
  };
}
