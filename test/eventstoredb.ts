import { randomUUID } from 'node:crypto';
import type { Credentials } from '../src/event-store/eventstoredb/client';

/**
 * The EventStoreDB server that the tests are to run on besides, if `EVENTSTOREDB_URL` names one. A server keeps what it
 * is given for ever, so each test has streams of its own there: any server will do, again and again.
 */
export const serverUrl = process.env.EVENTSTOREDB_URL || null;

/** Prefix of the streams of one test. */
export const newPrefix = (): string => `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;

/** Address without credentials of the server, if it has TLS and the URL names an administrator. */
export const securedServer = secured(process.env.EVENTSTOREDB_URL ?? '');

function secured(url: string): { address: string; administrator: Credentials } | null {
  const match = /^((?:esdb|kurrentdb)(?:\+discover)?:\/\/)([^:@/?]+):([^@/?]+)@(.+)$/.exec(url);
  if (!match || /[?&]tls=false/i.test(url)) return null;
  const [scheme, username, password, rest] = match.slice(1).map(decodeURIComponent) as [
    string,
    string,
    string,
    string,
  ];
  return { address: scheme + rest, administrator: { username, password } };
}
