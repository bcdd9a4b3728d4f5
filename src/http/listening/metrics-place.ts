import type { Config } from '../../config/config';
import { LOOPBACK } from '../../config/loopback';
import type { Address } from './listener';

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
