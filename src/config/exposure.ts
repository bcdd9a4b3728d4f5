import { isIP } from 'node:net';
import type { Setting, SettingsReader } from './settings-reader';

/** Settings of what the server shows to whom, and how much it takes from each. */

export interface Exposure {
  /** Origins whose pages may ask, as browsers name them: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** Addresses and CIDR blocks of proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** True if clients may read the schema by introspection, and GraphiQL is served. */
  readonly introspection: boolean;
  /** Requests that one caller may send in a second; 0: any number. */
  readonly rateLimit: number;
  /** Cost of the requests of one caller in a minute; 0: any. */
  readonly costLimit: number;
  /** Address of their own that metrics are served at; null: they are served with everything else. */
  readonly metricsAddress: { readonly host: string; readonly port: number } | null;
  /** Token that a scraper of metrics needs; null: none. */
  readonly metricsToken: string | null;
  /** True if `/metrics?digest=1` needs no operator’s token. */
  readonly openDigest: boolean;
}

/** Ways of finding out who asks: tokens of the command line, or those of issuers of OpenID Connect. */
export type Mode = 'local' | 'oidc';

/** Defaults of the mode in which others than this machine reach the server. */
const OIDC_RATE_LIMIT = 200;
/** Equals 60 requests of the highest cost. */
const OIDC_COST_LIMIT = 1_200_000;

export const EXPOSURE_SETTINGS = {
  allowedOrigins: {
    name: 'ROLEBOOK_ALLOWED_ORIGINS',
    default: '',
    description:
      'Origins whose pages may ask from a browser (CORS), with commas between: `https://app.example.com,http://localhost:5173`. Left out: none but its own.',
  },
  trustedProxies: {
    name: 'ROLEBOOK_TRUSTED_PROXIES',
    default: '',
    description:
      'Addresses and CIDR blocks of the proxies in front, with commas between: `10.0.0.0/8,192.168.1.7`. Their `X-Forwarded-For` and `X-Forwarded-Proto` are believed, and nobody else’s. Left out: none.',
  },
  introspection: {
    name: 'ROLEBOOK_INTROSPECTION',
    default: '',
    description:
      '`on`: clients may read the schema by introspection, faults of documents are explained, and `/graphiql` is served. `off`: none of this; the schema is in `schema/schema.graphql`. Left out: `on` in local mode, `off` in oidc mode.',
  },
  rateLimit: {
    name: 'ROLEBOOK_RATE_LIMIT',
    default: '',
    description: `Requests that one caller may send in a second; more are answered 429. Of failed tokens one address may send 100 a minute. 0: no limit. Left out: 0 in local mode, ${OIDC_RATE_LIMIT} in oidc mode.`,
  },
  costLimit: {
    name: 'ROLEBOOK_COST_LIMIT',
    default: '',
    description: `Limit of what the requests of one caller may cost in a minute, in the unit of \`ROLEBOOK_MAX_QUERY_COST\`, and no less than that. 0: no limit. Left out: 0 in local mode, ${OIDC_COST_LIMIT} in oidc mode.`,
  },
  metricsAddress: {
    name: 'ROLEBOOK_METRICS_ADDRESS',
    default: '',
    description:
      'Address of its own for `/metrics`, as `127.0.0.1:9464`, which a firewall can keep to the scraper. Left out: it is served with everything else; in oidc mode only with `ROLEBOOK_METRICS_TOKEN`.',
  },
  metricsToken: {
    name: 'ROLEBOOK_METRICS_TOKEN',
    default: '',
    description:
      'Token that `/metrics` needs (`Authorization: Bearer ...`): 16 characters or more, or `ROLEBOOK_METRICS_TOKEN_FILE`. Left out: none.',
    secret: true,
  },
  openDigest: {
    name: 'ROLEBOOK_OPEN_DIGEST',
    default: 'off',
    description:
      '`on`: whoever may read the metrics may request the digest of the read models too (`/metrics?digest=1`), as Prometheus does. `off`: this needs an operator’s token, for it reads every row.',
  },
} as const satisfies Record<keyof Exposure, Setting>;

const MOST_REQUESTS = 1_000_000;
const MOST_COST = 1_000_000_000;

/** Reads these settings; the reader collects the faults. */
export function readExposure(read: SettingsReader, mode: Mode): Exposure {
  const { introspection, rateLimit, costLimit, openDigest } = EXPOSURE_SETTINGS;
  const limit = (setting: Setting, most: number, inOidc: number): number =>
    read.given(setting) ? read.integer(setting, 0, most) : mode === 'oidc' ? inOidc : 0;
  return {
    allowedOrigins: read.origins(EXPOSURE_SETTINGS.allowedOrigins),
    trustedProxies: read.list(EXPOSURE_SETTINGS.trustedProxies, isNetwork, 'addresses or CIDR blocks'),
    introspection: read.given(introspection)
      ? read.oneOf(introspection, ['on', 'off']) === 'on'
      : mode === 'local',
    rateLimit: limit(rateLimit, MOST_REQUESTS, OIDC_RATE_LIMIT),
    costLimit: limit(costLimit, MOST_COST, OIDC_COST_LIMIT),
    metricsAddress: addressOf(read),
    metricsToken:
      read.matching(
        EXPOSURE_SETTINGS.metricsToken,
        /^[\w.~+/=-]{16,}$/,
        '16 characters or more of a token',
      ) || null,
    openDigest: read.oneOf(openDigest, ['on', 'off']) === 'on',
  };
}

const ADDRESS = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]+)):(\d{1,5})$/;
const MOST_PORT = 65_535;

function addressOf(read: SettingsReader): Exposure['metricsAddress'] {
  const text = read.text(EXPOSURE_SETTINGS.metricsAddress);
  if (text === '') return null;
  const [, ip6, host = ip6, port] = ADDRESS.exec(text) ?? [];
  if (host !== undefined && Number(port) <= MOST_PORT) return { host, port: Number(port) };
  read.faults.push('ROLEBOOK_METRICS_ADDRESS is a host and a port, as 127.0.0.1:9464.');
  return null;
}

/** True for an address, or a block of addresses as `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}
