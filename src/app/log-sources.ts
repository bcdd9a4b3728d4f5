import { createHmac, randomBytes } from 'node:crypto';
import { v4 } from 'uuid';
import type { Random } from '../keys/segment';
import { DEMO_DAYS } from '../operations/demo/seed';
import { systemHost } from '../operator/operator';

/** Sources of what two logs that are made alike differ in, and how long they are to last. */
export interface LogSources {
  /** Id of the line of a log that is made; null: one of its own. */
  readonly line: string | null;
  /** False if the log goes with the process, so that nothing has to be on the disk. */
  readonly durable: boolean;
  /** Start of the demo's story. */
  readonly demoStart: Date;
  /** The machine on the record of what a server does by itself. */
  readonly host: string | undefined;
  /** Source of the secrets of accounts and of data keys. */
  readonly random: Random;
  /** Makes ids of events and requests of a publication. */
  readonly newId: () => string;
}

const DAY_MS = 86_400_000;

/** Sources of a log that is one of its own, as every log is that is kept. */
export const ownSources = (): LogSources => ({
  line: null,
  durable: true,
  demoStart: new Date(Date.now() - DEMO_DAYS * DAY_MS),
  host: systemHost(),
  random: randomBytes,
  newId: v4,
});

/**
 * Sources of a demo that is the same each time it is made, positions and ids of events included. Hazard: its secrets
 * can be computed by anyone who reads this, so that it is for logs that nobody keeps.
 */
export function fixedSources(): LogSources {
  const random = knownBytes('rolebook ephemeral');
  return {
    line: 'line-00000000-0000-4000-8000-0000000de300',
    durable: false,
    // In the past for every clock, since a log is never written at a time before that of its last event.
    demoStart: new Date('2026-01-05T08:00:00.000Z'),
    host: 'localhost',
    random,
    newId: () => v4({ random: random(16) }),
  };
}

/** A source of bytes that look random and are the same each time. */
function knownBytes(name: string): Random {
  let count = 0;
  return (bytes) => {
    const blocks: Buffer[] = [];
    for (let length = 0; length < bytes; length += 32)
      blocks.push(
        createHmac('sha256', name)
          .update(String((count += 1)))
          .digest(),
      );
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}
