import path from 'node:path';
import { AUTHZEN_SETTINGS, readAuthzen, type AuthzenConfig } from './authzen';
import { CONSOLE_SETTINGS, readConsole, type ConsoleConfig } from './console';
import { FEED_SETTINGS, readFeeds, type FeedConfig } from './feeds';
import { EXPOSURE_SETTINGS, readExposure, type Exposure } from './exposure';
import { LOOPBACK } from './loopback';
import { OIDC_SETTINGS, readOidc } from './oidc';
import type { OidcIssuer } from './oidc-issuer';
import { packageRoot } from './package-root';
import { readSeals, SEAL_SETTINGS, type SealConfig } from './seals';
import { SettingsReader, type Environment, type Setting } from './settings-reader';

/**
 * Settings: every variable of the environment is read, checked and described here, once, at start; all faults are
 * reported together. The README's table follows from `SETTINGS`. No other room reads the environment, and this one does
 * nothing with a setting.
 */

export interface Config extends Exposure, ConsoleConfig, FeedConfig, AuthzenConfig, SealConfig {
  readonly port: number;
  readonly host: string;
  /** Issuers whose access tokens are taken, and no others; null: local mode, with tokens of the command line. */
  readonly oidc: readonly OidcIssuer[] | null;
  readonly dataDirectory: string;
  /** Null: the embedded log. */
  readonly eventStoreUrl: string | null;
  /** Both or neither; neither if the connection string names the user. */
  readonly eventStoreUsername: string | null;
  readonly eventStorePassword: string | null;
  readonly eventStoreAdminUsername: string;
  readonly eventStoreAdminPassword: string | null;
  /** In EventStoreDB only. */
  readonly streamPrefix: string;
  /** Highest version of the event schemas that is written; null: what all that follow the log read. */
  readonly writeSchema: number | null;
  readonly signingKeyFile: string;
  /** Null: none, with a log in EventStoreDB. */
  readonly masterKeyFile: string | null;
  readonly demo: boolean;
  readonly catalogueFile: string;
  readonly logLevel: string;
  readonly minPositionWaitMs: number;
  readonly projectionWaitMs: number;
  readonly readyLagMs: number;
  /** Null: no time in the log is known to be ahead. */
  readonly clockAheadUntil: Date | null;
  readonly stopNoticeMs: number;
  readonly bodyLimitBytes: number;
  readonly maxQueryBytes: number;
  readonly maxQueryCost: number;
  readonly maxQueryDepth: number;
  readonly maxOperations: number;
  /** Null: no traces. */
  readonly traceEndpoint: string | null;
  readonly traceServiceName: string;
  readonly traceRatio: number;
}

export const SETTINGS = {
  port: { name: 'PORT', default: '4000', description: 'Port of the HTTP server; 0 takes a free one.' },
  host: {
    name: 'HOST',
    default: '127.0.0.1',
    description:
      'Address to listen on. A loopback address, unless an issuer of access tokens is set (`ROLEBOOK_OIDC_...`): any other is refused.',
  },
  ...EXPOSURE_SETTINGS,
  ...OIDC_SETTINGS,
  ...CONSOLE_SETTINGS,
  dataDirectory: {
    name: 'ROLEBOOK_DATA_DIR',
    default: './data',
    description:
      'Folder of the embedded log and its key book, the read models, the local signing key and master keys.',
  },
  eventStoreUrl: {
    name: 'EVENTSTOREDB_URL',
    default: '',
    description:
      'Connection string of EventStoreDB or KurrentDB (`kurrentdb://...` or `esdb://...`, which mean the same). Left out: the embedded log. `EVENTSTOREDB_URL_FILE` names a file that holds it.',
    secret: true,
  },
  eventStoreUsername: {
    name: 'EVENTSTOREDB_USERNAME',
    default: '',
    description: 'User of EventStoreDB that Rolebook signs in as, unless the connection string names one.',
  },
  eventStorePassword: {
    name: 'EVENTSTOREDB_PASSWORD',
    default: '',
    description: 'The password of that user, or `EVENTSTOREDB_PASSWORD_FILE`.',
    secret: true,
  },
  eventStoreAdminUsername: {
    name: 'EVENTSTOREDB_ADMIN_USERNAME',
    default: 'admin',
    description: 'The administrator of EventStoreDB; for `rolebook log setup` alone.',
  },
  eventStoreAdminPassword: {
    name: 'EVENTSTOREDB_ADMIN_PASSWORD',
    default: '',
    description:
      'The administrator’s password, or `EVENTSTOREDB_ADMIN_PASSWORD_FILE`; for `rolebook log setup` alone.',
    secret: true,
  },
  streamPrefix: {
    name: 'ROLEBOOK_STREAM_PREFIX',
    default: 'rolebook',
    description:
      'Prefix of the names of streams in EventStoreDB. Installations that share a cluster have one each: a letter, then up to 31 of `a-z`, `0-9`, `_`.',
  },
  writeSchema: {
    name: 'ROLEBOOK_WRITE_SCHEMA',
    default: '',
    description:
      'Highest version of the event schemas that is written, whatever other replicas read. Left out: the highest that all processes read which followed the log in the last minute, so that replicas can be upgraded one by one.',
  },
  signingKeyFile: {
    name: 'ROLEBOOK_SIGNING_KEY_FILE',
    default: '',
    description:
      'File with the key that signs tokens: 32 bytes, raw or as 64 hex digits. Left out: `signing.key` in the data folder. Created at first start if missing; replicas share one.',
  },
  masterKeyFile: {
    name: 'ROLEBOOK_MASTER_KEY_FILE',
    default: '',
    description:
      'File of the master keys that seal the key book: `<id> <64 hex digits>` a line, the first one seals; `rolebook keys new-master --add` makes it. Replicas share the same keys. Left out with the embedded log: `master.keys` in the data folder, made where there is no key book yet. With `EVENTSTOREDB_URL` it must be set.',
  },
  demo: {
    name: 'ROLEBOOK_DEMO',
    default: 'on',
    description:
      '`on`: an empty log is seeded with the account `demo`. `off`: it is not, which is the default where an issuer of access tokens is set.',
  },
  catalogueFile: {
    name: 'ROLEBOOK_CATALOGUE',
    default: 'schema/catalogue.json',
    description:
      'The catalogue file that is published at start when its version is higher than the log’s. Left out: the one of this package.',
  },
  logLevel: {
    name: 'ROLEBOOK_LOG_LEVEL',
    default: 'info',
    description:
      'Lowest level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
  },
  minPositionWaitMs: {
    name: 'ROLEBOOK_MIN_POSITION_WAIT_MS',
    default: '3000',
    description:
      'Longest wait of a query for a position it asks for (`Rolebook-Min-Position`, `asOf`), in milliseconds.',
  },
  projectionWaitMs: {
    name: 'ROLEBOOK_PROJECTION_WAIT_MS',
    default: '3000',
    description:
      'Longest wait of a mutation for the read models to show what it wrote, in milliseconds. The write is recorded either way.',
  },
  readyLagMs: {
    name: 'ROLEBOOK_READY_LAG_MS',
    default: '10000',
    description: 'A replica that is further behind the log than this is not ready, in milliseconds.',
  },
  clockAheadUntil: {
    name: 'ROLEBOOK_CLOCK_AHEAD_UNTIL',
    default: '',
    description:
      'For an embedded log in which a clock that ran ahead recorded times that are still to come, which is why changes are refused with `CLOCK_SKEW`: the latest of these times (ISO 8601, UTC: `2026-03-01T12:00:00Z`). Changes are then accepted; until that time their `at` is that time, and only `asOf` a position distinguishes them.',
  },
  stopNoticeMs: {
    name: 'ROLEBOOK_STOP_NOTICE_MS',
    default: '0',
    description:
      'Time in milliseconds for which a replica that was asked to stop still serves requests while `/health/ready` refuses, so that a proxy stops sending before it is gone.',
  },
  bodyLimitBytes: {
    name: 'ROLEBOOK_BODY_LIMIT_BYTES',
    default: '1048576',
    description: 'Largest body of a request, in bytes.',
  },
  maxQueryBytes: {
    name: 'ROLEBOOK_MAX_QUERY_BYTES',
    default: '65536',
    description:
      'Longest text of a GraphQL document, comments included, in bytes; the variables not counted.',
  },
  maxQueryCost: {
    name: 'ROLEBOOK_MAX_QUERY_COST',
    default: '20000',
    description:
      'Limit of the cost of one request, roughly in fields of its answer and rows read for it. If lists turn out longer than estimated, a request is ended at twice that.',
  },
  maxQueryDepth: {
    name: 'ROLEBOOK_MAX_QUERY_DEPTH',
    default: '16',
    description: 'Deepest nesting of a request.',
  },
  maxOperations: {
    name: 'ROLEBOOK_MAX_OPERATIONS',
    default: '128',
    description:
      'GraphQL operations that run at once, at most half of them of one user. Others wait up to 10 seconds, served round-robin by user; after that, and if too many wait, the answer is 503 with `Retry-After`.',
  },
  ...FEED_SETTINGS,
  ...AUTHZEN_SETTINGS,
  ...SEAL_SETTINGS,
  traceEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    description:
      'A collector of OpenTelemetry that takes OTLP over HTTP, as `http://127.0.0.1:4318`. Left out: no traces. Its headers and time-outs: the `OTEL_EXPORTER_OTLP_...` variables of OpenTelemetry.',
  },
  traceServiceName: {
    name: 'OTEL_SERVICE_NAME',
    default: 'rolebook',
    description: 'Name of this service in traces.',
  },
  traceRatio: {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    default: '1',
    description:
      'Share of the traces started here that are kept, from 0 to 1. Traces that a caller started are kept as the caller decided.',
  },
} as const satisfies Record<Exclude<keyof Config, 'oidc'> | keyof typeof OIDC_SETTINGS, Setting>;

/** All faults of the settings. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`The settings are faulty:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const MINUTE_MS = 60_000;
/** Beyond any version that there will be. */
const MAX_SCHEMA = 999_999_999;
/** KurrentDB is what EventStoreDB has been called since 25.0; both names of the scheme are in use. */
const SERVER_ADDRESS = /^(esdb|kurrentdb)(\+discover)?:\/\/\S+$/;

/** Path of the catalogue file of this package. */
export const packagedCatalogue = (): string => path.join(packageRoot(), SETTINGS.catalogueFile.default);

/** @throws ConfigError */
export function loadConfig(environment: Environment = process.env): Config {
  const read = new SettingsReader(environment);
  const dataDirectory = path.resolve(read.text(SETTINGS.dataDirectory));
  const oidc = readOidc(read);
  const ownKey = read.text(SETTINGS.signingKeyFile);
  const eventStoreUrl =
    read.matching(SETTINGS.eventStoreUrl, SERVER_ADDRESS, 'kurrentdb://host:port or esdb://host:port') ||
    null;
  const config: Config = {
    port: read.integer(SETTINGS.port, 0, 65_535),
    host: read.text(SETTINGS.host),
    ...readExposure(read, oidc === null ? 'local' : 'oidc'),
    oidc,
    ...readConsole(read),
    dataDirectory,
    eventStoreUrl,
    eventStoreUsername: read.text(SETTINGS.eventStoreUsername) || null,
    eventStorePassword: read.text(SETTINGS.eventStorePassword) || null,
    eventStoreAdminUsername: read.text(SETTINGS.eventStoreAdminUsername),
    eventStoreAdminPassword: read.text(SETTINGS.eventStoreAdminPassword) || null,
    streamPrefix: read.matching(SETTINGS.streamPrefix, /^[a-z][a-z0-9_]{0,31}$/, 'rolebook'),
    writeSchema: read.given(SETTINGS.writeSchema) ? read.integer(SETTINGS.writeSchema, 1, MAX_SCHEMA) : null,
    signingKeyFile: ownKey ? path.resolve(ownKey) : path.join(dataDirectory, 'signing.key'),
    masterKeyFile: masterKeyFileOf(read, dataDirectory, eventStoreUrl),
    demo: isDemo(read, oidc),
    catalogueFile: read.given(SETTINGS.catalogueFile)
      ? path.resolve(read.text(SETTINGS.catalogueFile))
      : packagedCatalogue(),
    logLevel: read.oneOf(SETTINGS.logLevel, LEVELS),
    minPositionWaitMs: read.integer(SETTINGS.minPositionWaitMs, 0, MINUTE_MS),
    projectionWaitMs: read.integer(SETTINGS.projectionWaitMs, 0, MINUTE_MS),
    readyLagMs: read.integer(SETTINGS.readyLagMs, 1, 60 * MINUTE_MS),
    clockAheadUntil: read.moment(SETTINGS.clockAheadUntil),
    stopNoticeMs: read.integer(SETTINGS.stopNoticeMs, 0, 3_000),
    bodyLimitBytes: read.integer(SETTINGS.bodyLimitBytes, 1_024, 64 * 1024 * 1024),
    maxQueryBytes: read.integer(SETTINGS.maxQueryBytes, 1_024, 1024 * 1024),
    maxQueryCost: read.integer(SETTINGS.maxQueryCost, 100, 10_000_000),
    maxQueryDepth: read.integer(SETTINGS.maxQueryDepth, 5, 100),
    maxOperations: read.integer(SETTINGS.maxOperations, 1, 10_000),
    ...readFeeds(read),
    ...readAuthzen(read),
    ...readSeals(read, dataDirectory, eventStoreUrl),
    traceEndpoint:
      read.matching(SETTINGS.traceEndpoint, /^https?:\/\/[^\s/]\S*$/, 'http://host:4318') || null,
    traceServiceName: read.text(SETTINGS.traceServiceName),
    traceRatio: Number(read.matching(SETTINGS.traceRatio, /^(0|0?\.\d+|1)$/, 'a number from 0 to 1')),
  };
  refuseContradictions(read, config);
  read.refuseUnknown(Object.values<Setting>(SETTINGS));
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  return config;
}

/** Refuses settings that do not go together. */
function refuseContradictions(read: SettingsReader, config: Config): void {
  if (config.costLimit > 0 && config.costLimit < config.maxQueryCost)
    read.faults.push('ROLEBOOK_COST_LIMIT is 0, or no less than ROLEBOOK_MAX_QUERY_COST.');
  if ((config.eventStoreUsername === null) !== (config.eventStorePassword === null))
    read.faults.push('EVENTSTOREDB_USERNAME and EVENTSTOREDB_PASSWORD go together: set both or neither.');
  if (config.eventStoreUsername !== null && namesUser(config.eventStoreUrl))
    read.faults.push('EVENTSTOREDB_URL names a user, and EVENTSTOREDB_USERNAME too: leave one out.');
  demandLoopback(read, config);
}

/** A demo is for trying out, which a deployment with people who sign in is not. */
const isDemo = (read: SettingsReader, oidc: Config['oidc']): boolean =>
  read.oneOf(SETTINGS.demo, ['on', 'off']) === 'on' && (oidc === null || read.given(SETTINGS.demo));

/** Tokens of the command line are for the machine that makes them. */
function demandLoopback(read: SettingsReader, { oidc, host }: Config): void {
  if (oidc === null && !LOOPBACK.includes(host))
    read.faults.push(
      `HOST=${host} would serve beyond this machine, where nobody signs in: set ROLEBOOK_OIDC_ISSUER, or use 127.0.0.1.`,
    );
}

function masterKeyFileOf(read: SettingsReader, dataDirectory: string, server: string | null): string | null {
  const given = read.text(SETTINGS.masterKeyFile);
  if (given) return path.resolve(given);
  return server === null ? masterKeysIn(dataDirectory) : null;
}

/** The file of master keys that belongs to a data folder. */
export const masterKeysIn = (dataDirectory: string): string => path.join(dataDirectory, 'master.keys');

/** True if a text that names a log is the address of a server; otherwise it is a folder. */
export const namesServer = (log: string): boolean => SERVER_ADDRESS.test(log);

/** True if a connection string has credentials. */
export const namesUser = (url: string | null): boolean => /^[^/]*:\/\/[^/?]*@/.test(url ?? '');
