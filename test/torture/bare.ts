import { EventStoreDBClient, START, jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { asEsdb } from '../../src/event-store/eventstoredb/options';
import type { LoggedAppend } from './ledger';

/** The server as the official client alone sees it: what Rolebook is compared with. */

const PROBE_EVERY_MS = 200;
const PROBE_WITHIN_MS = 2_000;

/** Asks for an append again and again, each on a connection of its own, until the server has written one. */
export async function untilItWrites(url: string, withinMs: number): Promise<number> {
  const until = performance.now() + withinMs;
  let back: number | null = null;
  const probe = async (): Promise<void> => {
    const client = EventStoreDBClient.connectionString(asEsdb(probing(url)));
    const event = jsonEvent({ type: 'Probe', data: {} });
    // Credentials make it a call of its own: the client's stream of appends crashes the process on a late answer.
    const credentials = credentialsIn(url);
    await client.appendToStream(`torture-${randomUUID()}`, event, { deadline: PROBE_WITHIN_MS, credentials });
    back ??= performance.now();
    await client.dispose();
  };
  while (back === null) {
    if (performance.now() > until) throw new Error(`the server wrote nothing within ${withinMs / 1_000} s`);
    void probe().catch(() => undefined);
    await sleep(PROBE_EVERY_MS);
  }
  return back;
}

/** Without TLS they are ignored. */
function credentialsIn(url: string): { username: string; password: string } {
  const [, username = '', password = ''] = /:\/\/([^:@/]*):([^@/]*)@/.exec(url) ?? [];
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** One quick look for a leader; the next probe looks again. */
const probing = (url: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}maxDiscoverAttempts=1&gossipTimeout=1`;

export async function serverVersion(url: string): Promise<string> {
  const client = EventStoreDBClient.connectionString(asEsdb(url));
  // The client keeps what the server can do to itself; its version is part of that.
  const { capabilities } = client as unknown as { capabilities: Promise<{ serverVersion: string }> };
  const { serverVersion: version } = await capabilities;
  await client.dispose();
  return version;
}

/** Every append of a keyed command under a prefix, read through the official client, not through our own store. */
export async function keyedAppends(url: string, prefix: string): Promise<LoggedAppend[]> {
  const client = EventStoreDBClient.connectionString(asEsdb(url));
  const appends: LoggedAppend[] = [];
  for await (const { event } of client.readAll({ fromPosition: START, resolveLinkTos: false })) {
    if (!event?.streamId.startsWith(`${prefix}.`)) continue;
    // A fence is no outcome: it may stand on the owner's stream besides one.
    if (event.type === 'ClaimAbandoned') continue;
    const metadata = event.metadata as Record<string, string> | undefined;
    // An append stands for its last event, whose position is the append's.
    if (metadata?.keyed !== 'true' || metadata.part !== metadata.parts) continue;
    appends.push({
      stream: event.streamId.replace(`${prefix}.`, 'rolebook.'),
      commandId: String(metadata.commandId),
      position: BigInt(event.position?.commit ?? 0),
    });
  }
  await client.dispose();
  return appends;
}
