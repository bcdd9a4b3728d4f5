import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import fc from 'fast-check';
import path from 'node:path';
import type { VerifierKey } from '../../../src/transparency/notes/keys';
import { verifySeals, type Verified } from '../../../src/transparency/proof/verify';
import { TreeFile } from '../../../src/transparency/trees/tree-file';
import { embeddedLog, Sealing } from '../harness';

/** Tamperings of the file of an embedded log, by SQL, so that every checksum of the file is right. */

/** An outsider’s note and key. */
export interface Outsider {
  readonly note: string;
  readonly key: VerifierKey;
}

/** Changes the file. Returns the number of the first event that differs then. */
type Tamper = (log: DatabaseSyncInstance, place: number, events: number) => number;

const change =
  (set: string): Tamper =>
  (log, place) => {
    log.prepare(`UPDATE events SET ${set} WHERE position = ?`).run(place);
    return place;
  };
/** Leaves positions without a gap, as a careful forger would. */
const close = (log: DatabaseSyncInstance, from: number): void =>
  log.exec(
    `UPDATE events SET position = -position + 1 WHERE position > ${from}; UPDATE events SET position = -position WHERE position < 0`,
  );
const open = (log: DatabaseSyncInstance, from: number): void =>
  log.exec(
    `UPDATE events SET position = -position - 1 WHERE position >= ${from}; UPDATE events SET position = -position WHERE position < 0`,
  );

/** Every way; the sealed part has `events` events, at positions from 1. */
export const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  data: change(`data = json_set(data, '$.n', -1)`),
  'data, a member more': change(`data = json_set(data, '$.z', 'more')`),
  metadata: change(`metadata = json_set(metadata, '$.actorId', 'mallory')`),
  'no JSON': change(`data = 'gone'`),
  id: change(`id = '00000000-0000-4000-8000-000000000001'`),
  type: change(`type = 'UserErased'`),
  stream: change(`stream = 'rolebook.role-other.' || position`),
  'stream, that of a heartbeat': change(`stream = 'rolebook.heartbeat-1'`),
  revision: change('revision = revision + 1'),
  order(log, place, events) {
    const [one, other] = place < events ? [place, place + 1] : [place - 1, place];
    log.exec(`UPDATE events SET position = -1 WHERE position = ${one}; UPDATE events SET position = ${one} WHERE position = ${other};
      UPDATE events SET position = ${other} WHERE position = -1`);
    return one;
  },
  removal(log, place) {
    log.prepare('DELETE FROM events WHERE position = ?').run(place);
    return place;
  },
  'removal without a gap'(log, place) {
    log.prepare('DELETE FROM events WHERE position = ?').run(place);
    close(log, place);
    return place;
  },
  insertion(log, place) {
    open(log, place);
    log.exec(`INSERT INTO events SELECT ${place}, stream, revision + 1, '00000000-0000-4000-8000-00000000000a', type, data, metadata
      FROM events WHERE position = ${place + 1}`);
    return place;
  },
  truncation(log, place) {
    log.prepare('DELETE FROM events WHERE position >= ?').run(place);
    return place;
  },
  'removal of the seals too'(log, place) {
    log.exec('DELETE FROM seal');
    return change(`data = json_set(data, '$.n', -1)`)(log, place, 0);
  },
};

export interface Case {
  readonly way: string;
  readonly place: number;
  /** Signs the log anew after the tampering, with the stolen key or another. */
  readonly resigned: 'no' | 'by the key' | 'by another key';
}

export const cases = (events: number): fc.Arbitrary<Case> =>
  fc.record({
    way: fc.constantFrom(...Object.keys(TAMPERINGS)),
    place: fc.integer({ min: 1, max: events }),
    resigned: fc.constantFrom<Case['resigned']>('no', 'by the key', 'by another key'),
  });

/** Tampers with a copy of a closed log. Returns the number of the first event that differs. */
export async function tamper(
  directory: string,
  { way, place, resigned }: Case,
  events: number,
): Promise<number> {
  const log = new DatabaseSync(path.join(directory, 'log.sqlite'));
  log.exec('BEGIN');
  const first = TAMPERINGS[way]!(log, place, events);
  if (resigned !== 'no') log.exec('DELETE FROM seal');
  log.exec('COMMIT');
  log.close();
  // The forger signs with trees of his own, and leaves those of the data folder, or makes them anew elsewhere.
  if (resigned !== 'no')
    await sealAgain(directory, resigned === 'by the key' ? 'one' : 'two').catch(() => undefined);
  return first;
}

async function sealAgain(directory: string, key: string): Promise<void> {
  const log = await embeddedLog(directory);
  const forger = new Sealing(log);
  forger.keys = [key];
  try {
    await forger.seal({ atOnce: true });
  } finally {
    await forger.close();
  }
}

/** Findings of an operator who is handed the outsider’s note and key. */
export async function verifiedIn(directory: string, outsider: Partial<Outsider>): Promise<Verified> {
  const { store, openSeals, end } = await embeddedLog(directory);
  const [seals, trees] = [openSeals(), TreeFile.toRead(directory)];
  try {
    return await verifySeals({ store, seals, trees }, outsider);
  } finally {
    trees.close();
    await seals.close();
    await end?.();
  }
}
