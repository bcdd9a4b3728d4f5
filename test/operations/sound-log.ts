import { randomUUID } from 'node:crypto';
import type { Append, EventStore, JsonObject } from '../../src/event-store/port/event-store';
import { roleStream } from '../../src/event-store/port/streams';

/** Logs whose every event is sound, without the work of making them by commands. */

export const soundMetadata = (part: number, parts: number, commandId: string): JsonObject => ({
  actorType: 'operator',
  actorId: 'test',
  account: 'a',
  command: 'assignUsers',
  commandId,
  inputHash: 'x',
  requestId: 'r',
  part: String(part),
  parts: String(parts),
  basis: '-@-',
  schemaVersion: '1',
  recordedAt: '2026-01-01T00:00:00.000Z',
});

/** Appends over the roles in turns, of one event and of two. */
export async function* soundAppends(count: number, roles = 3): AsyncGenerator<Append> {
  for (let index = 0; index < count; index += 1) {
    const role = `r${index % roles}`;
    const commandId = randomUUID();
    const parts = 1 + (index % 2);
    const events = Array.from({ length: parts }, (_, part) => ({
      id: randomUUID(),
      type: 'UserAssigned',
      data: { role, user: `u${index}-${part}` },
      metadata: soundMetadata(part + 1, parts, commandId),
    }));
    yield { stream: roleStream('a', role), expected: 'any', events };
  }
}

/** Fills a log; 1.5 events to an append. */
export async function fill(store: EventStore, appends: number, roles?: number): Promise<void> {
  for await (const { outcome } of store.appendInOrder(soundAppends(appends, roles)))
    if (outcome !== 'appended') throw new Error('nobody else should write here');
}
