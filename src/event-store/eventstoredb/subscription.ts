import { EventStoreError, type Position, type SubscriptionItem } from '../port/event-store';
import type { Connection } from './connection';
import { SilenceError, asEventStoreError, closedError } from './errors';
import type { Heartbeat } from './heartbeat/heartbeat';
import { decodeRecord, positionOf, streamOf, subscriptionRequest } from './messages';
import { exactly, type Naming } from './naming';
import { responses } from './read-call';

export interface Following {
  readonly connection: Connection;
  readonly heartbeat: Heartbeat;
  readonly naming: Naming;
  readonly lostMs: number;
  readonly after: Position | null;
  readonly signal: AbortSignal;
  /** The store is closed. */
  readonly closing: AbortSignal;
}

/**
 * Follows the log until aborted. The server's end, an error and silence are treated the same: the log is lost, and the
 * caller resubscribes from its last commit. Confirmations and checkpoints of the server are signs of life and nothing
 * more: releases before 24.10.5 can send a checkpoint that lies ahead.
 * @throws EventStoreError
 */
export async function* follow(following: Following): AsyncGenerator<SubscriptionItem, void, undefined> {
  const { connection, heartbeat, naming, lostMs, after, closing } = following;
  if (closing.aborted) throw closedError();
  if (following.signal.aborted) return;
  const signal = AbortSignal.any([following.signal, closing]);
  // Only heartbeats of this process's own stream pass: those of all streams would slow every rebuild.
  const request = subscriptionRequest(after, { regex: `${naming.ours}|${exactly(heartbeat.stream)}` });
  const silent = heartbeat.listen();
  try {
    for await (const response of responses(connection, request, { silenceMs: lostMs, signal })) {
      const record = response.getEvent()?.getEvent();
      if (record === undefined) continue;
      if (streamOf(record) !== heartbeat.stream) yield { kind: 'event', event: decodeRecord(record, naming) };
      else if (heartbeat.seen(record)) yield { kind: 'caught-up', position: positionOf(record) };
    }
  } catch (error) {
    if (closing.aborted) throw closedError();
    throw lost(error, heartbeat);
  } finally {
    silent();
  }
  if (closing.aborted) throw closedError();
  if (!signal.aborted) throw new EventStoreError('UNAVAILABLE', 'the server ended the subscription');
}

/** A silence may only mean that heartbeats cannot be written; then that failure is reported instead. */
function lost(error: unknown, heartbeat: Heartbeat): EventStoreError {
  const { failure } = heartbeat;
  if (error instanceof SilenceError && failure?.code === 'DENIED') return failure;
  return asEventStoreError(error, 'the subscription was lost');
}
