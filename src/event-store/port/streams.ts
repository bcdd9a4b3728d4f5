import { STREAM_PREFIX } from './event-store';

/** Names of the streams, `rolebook.<category>[-<account>[.<id>]]`, and the way back from a name to its parts. */

export type StreamCategory = 'catalogue' | 'account' | 'user' | 'role' | 'claim' | 'repair' | 'heartbeat';

export interface StreamName {
  readonly category: StreamCategory;
  readonly account: string | null;
  readonly id: string | null;
}

export const catalogueStream = `${STREAM_PREFIX}catalogue`;
export const accountStream = (account: string): string => `${STREAM_PREFIX}account-${account}`;
export const userStream = (account: string, user: string): string =>
  `${STREAM_PREFIX}user-${account}.${user}`;
export const roleStream = (account: string, role: string): string =>
  `${STREAM_PREFIX}role-${account}.${role}`;
export const claimStream = (account: string, hash: string): string =>
  `${STREAM_PREFIX}claim-${account}.${hash}`;

/** Stream of the operators' declarations about the log itself. It belongs to no account. */
export const repairStream = `${STREAM_PREFIX}repair`;

/** Heartbeats show that a subscription is alive. They are no facts, so readers of the whole log do not get them. */
export const HEARTBEAT_PREFIX = `${STREAM_PREFIX}heartbeat`;
export const heartbeatStream = (source: string | number): string => `${HEARTBEAT_PREFIX}-${source}`;
export const isHeartbeat = (stream: string): boolean => stream.startsWith(HEARTBEAT_PREFIX);

const PATTERN =
  /^rolebook\.(catalogue|account|user|role|claim|repair|heartbeat)(?:-([A-Za-z0-9_-]{1,64})(?:\.([A-Za-z0-9_-]{1,64}))?)?$/;

let lastName = '';
let lastParsed: StreamName | null = null;

/** The parts of a stream name, or null if Rolebook has no such stream. That of the last name is kept: all who handle an event ask. */
export function parseStream(stream: string): StreamName | null {
  if (stream !== lastName) {
    const match = PATTERN.exec(stream);
    lastParsed = match && {
      category: match[1] as StreamCategory,
      account: match[2] ?? null,
      id: match[3] ?? null,
    };
    lastName = stream;
  }
  return lastParsed;
}
