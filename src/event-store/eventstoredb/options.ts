import { EventStoreError, type LogFormat } from '../port/event-store';
import type { LogPurpose } from '../port/reserved';
import type { Credentials } from './client';

/** Time limits, all in milliseconds. Each has its own watch here, since deadlines of gRPC are not enough. */
export interface Timeouts {
  /** Time limit for the answer to an append that was sent; its outcome is unknown after that. */
  readonly append: number;
  /** Longest search for a leader before a call is given up. */
  readonly leader: number;
  /** Until a first answer on a new connection, discovery of the cluster included. */
  readonly connect: number;
  /** Longest silence between two events of a read. */
  readonly read: number;
  /** Interval between two heartbeats while anyone subscribes. */
  readonly heartbeat: number;
  /** Longest silence of a subscription, heartbeats included, before it counts as lost: several heartbeats at least. */
  readonly lost: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  append: 5_000,
  leader: 10_000,
  connect: 3_000,
  read: 4_000,
  heartbeat: 1_500,
  // Commands are refused when the tables lag by more.
  lost: 5_000,
};

/** Log for messages of the store about its connections; a pino logger fits. */
export interface StoreLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const SILENT: StoreLogger = { info: () => undefined, warn: () => undefined };

export interface EventStoreDbOptions {
  /**
   * `esdb://host:port?tls=false`, `esdb://a,b,c`, `esdb+discover://name`: a connection string of the official clients;
   * `kurrentdb` means the same as `esdb`.
   */
  readonly url: string;
  /** Overrides the TLS setting of the URL; ignored by the client without TLS. */
  readonly credentials?: Credentials | null;
  /** Prefix of the names of Rolebook's streams on the server, instead of `rolebook`; see `Naming`. */
  readonly streamPrefix?: string;
  readonly timeouts?: Partial<Timeouts>;
  /** Highest version of the event schemas that this process reads; left out: that of this build. */
  readonly reads?: number;
  /** Default `use`, which a log that a restore has not filled yet refuses. */
  readonly purpose?: Exclude<LogPurpose, 'backup'>;
  /** Format of a log that is made here. */
  readonly formatOfNew?: LogFormat;
  readonly logger?: StoreLogger;
}

/** Scheme, hosts, options. */
const URL_FORM = /^(esdb(?:\+discover)?:\/\/)(?:[^@/?]*@)?([^/?@]+)\/?(?:\?(.*))?$/;

/** Seconds that one node may take to name the leader. The client's own 5 would use up the time for finding one. */
const GOSSIP_TIMEOUT = 'gossipTimeout=1';

/** A connection string as the client wants it: it accepts only the older name of the scheme. */
export const asEsdb = (url: string): string => url.replace(/^kurrentdb(?=\+discover:|:)/, 'esdb');

/** Server to connect to, in the form the client wants. */
export interface Target {
  readonly connectionString: string;
  /** More than one node: when one is gone, another may lead. */
  readonly cluster: boolean;
}

/** Options the client understands, without case, `-` and `_`; it would print any other, and the password with it. */
const OPTIONS = new Set([
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'throwonappendfailure',
  'tls',
  'tlscafile',
  'tlsverifycert',
  'usercertfile',
  'userkeyfile',
]);

/** @throws EventStoreError for a malformed URL, without repeating it: it may hold a password */
export function parseTarget({ url, credentials }: EventStoreDbOptions): Target {
  const match = URL_FORM.exec(asEsdb(url.trim()));
  if (!match)
    throw malformed(
      'must look like kurrentdb://host:2113?tls=true or kurrentdb://a:2113,b:2113,c:2113 (or esdb://)',
    );
  const [, scheme = '', hosts = '', query = ''] = match;
  const given = /:\/\/([^@/?]*@)/.exec(url)?.[1] ?? '';
  const user = credentials
    ? `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`
    : given;
  const options = query === '' ? [] : query.split('&');
  const names = options.map((option) => (option.split('=')[0] ?? '').replace(/[-_]/g, '').toLowerCase());
  if (names.some((name) => !OPTIONS.has(name))) throw malformed('has an option that is not known');
  if (options.some((option) => /^tls[-_]?verify[-_]?cert=false$/i.test(option)))
    throw malformed('cannot have tlsVerifyCert=false: name the CA of the certificates with tlsCaFile');
  if (!names.includes('gossiptimeout')) options.push(GOSSIP_TIMEOUT);
  return {
    connectionString: `${scheme}${user}${hosts}?${options.join('&')}`,
    cluster: scheme === 'esdb+discover://' || hosts.includes(','),
  };
}

const malformed = (why: string): EventStoreError =>
  new EventStoreError('INVALID_ARGUMENT', `EVENTSTOREDB_URL ${why}`);
