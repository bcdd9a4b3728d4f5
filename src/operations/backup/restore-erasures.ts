import { eventFaults } from '../../domain/sound-event';
import type { EventStore, Position } from '../../event-store/port/event-store';
import { parseStream, userStream } from '../../event-store/port/streams';
import { verifyLog } from '../log/verify';
import { eraseAgain, isErasedAgain, type ErasedAgain } from './erase-again';
import { ErasureNotes, type Erasure, type ErasureList } from './erasure-list';
import { BackupError } from './errors';
import { unwritable } from './local-log';
import { LogUpTo } from '../log/log-up-to';
import { isLogOf, type Manifest } from './manifest';
import type { OnStep } from './take';

/** Second half of a restore: the events are those of the backup, and nobody is back who was erased since. */

export interface RestoreErasuresOptions {
  /** Data folder to restore into; null: a server. */
  readonly dataDirectory: string | null;
  /** Id of the operator who makes erasures again, for the record. */
  readonly operator: string;
  /** The operator's machine; left out: not known. */
  readonly host?: string;
  readonly now: () => Date;
  readonly onStep: OnStep;
}

/** Key book of a log that is restored, as far as a restore needs it. */
export interface KeysOfRestore {
  /** Destroys the keys of an erased user; repeatable. */
  erase(account: string, user: string): Promise<void>;
  close(): Promise<void>;
}

/** Fate of a list of erasures. */
export interface ErasuresRestored extends ErasedAgain {
  /** Time that the list is as of. */
  readonly asOf: string;
}

interface Parts {
  readonly target: EventStore;
  readonly manifest: Manifest;
  readonly list: ErasureList | null;
  readonly keys: KeysOfRestore | null;
}

/** True if the target holds all of the backup, and behind it what an earlier run made again. */
export async function isFilled(target: EventStore, manifest: Manifest): Promise<boolean> {
  const end = await endOf(target, manifest);
  return end !== null && (await behind(target, end)).events > 0;
}

/**
 * Compares what was restored with the backup, makes the erasures of the list again, reads them back, and destroys the keys
 * of all who are erased in the log. Repeatable.
 * @throws BackupError, EventStoreError, KeyBookError
 */
export async function restoreErasures(
  { target, manifest, list, keys }: Parts,
  options: RestoreErasuresOptions,
): Promise<ErasuresRestored | null> {
  const end = await endOf(target, manifest);
  const notes = new ErasureNotes();
  const report = await verifyLog(
    end === null ? target : upTo(target, end),
    (done, total) => options.onStep('Checking events', done, total),
    { onEvent: notes.note },
  );
  if (!isLogOf(manifest, report)) throw differs(`${report.events} events, digest ${report.digest}`);
  const earlier = end === null ? [] : (await behind(target, end)).erasures;
  const again = list === null ? null : await makeAgain(target, list.erasures, options);
  const erased = [...notes.erasures, ...earlier, ...(again?.erased ?? [])];
  if (keys !== null) await destroyKeys(keys, erased, options);
  return list === null || again === null ? null : { asOf: list.asOf, ...again };
}

/** Keys of earlier erasures too: a copy of the key book may be older than they are. */
async function destroyKeys(
  keys: KeysOfRestore,
  erased: readonly Erasure[],
  { onStep }: RestoreErasuresOptions,
): Promise<void> {
  for (const [index, { account, user }] of erased.entries()) {
    await keys.erase(account, user);
    onStep('Destroying keys of erased users', index + 1, erased.length);
  }
}

async function makeAgain(
  store: EventStore,
  erasures: readonly Erasure[],
  { dataDirectory, operator, host, now, onStep }: RestoreErasuresOptions,
): Promise<ErasedAgain> {
  const onProgress = (done: number, total: number): void => onStep('Erasing users again', done, total);
  const again = await eraseAgain({ store, operator, host, now, onProgress }, erasures).catch(
    (error: unknown) => {
      throw dataDirectory === null ? error : unwritable(error, dataDirectory, 'RESTORE_UNWRITABLE');
    },
  );
  for (const { account, user } of again.erased) {
    const stream = userStream(account, user);
    let isThere = false;
    for await (const event of store.readStream(stream, { direction: 'backwards', limit: 1 }))
      isThere = isErasedAgain(event);
    if (!isThere) throw differs(`the erasure is missing in ${stream}`);
  }
  return again;
}

/** Position of the backup's last event in the target; null while it is not there, or if the backup has none. */
async function endOf(target: EventStore, { log: { last } }: Manifest): Promise<Position | null> {
  if (last === null) return null;
  for await (const event of target.readStream(last.stream, { from: last.revision, limit: 1 }))
    if (event.id === last.id) return event.position;
  return null;
}

/** Erasures that stand behind the backup's last event. @throws BackupError for anything else */
async function behind(
  target: EventStore,
  end: Position,
): Promise<{ readonly events: number; readonly erasures: readonly Erasure[] }> {
  const { note, erasures } = new ErasureNotes();
  let events = 0;
  for await (const event of target.readAll({ after: end })) {
    if (!isErasedAgain(event) || eventFaults(event, parseStream(event.stream)).length > 0)
      throw new BackupError(
        'RESTORE_NOT_EMPTY',
        `The target holds something else than this backup: ${event.type} ${event.id} behind its last event.`,
      );
    events += 1;
    note(event);
  }
  return { events, erasures };
}

const upTo = (target: EventStore, end: Position): LogUpTo =>
  new LogUpTo(target, end, () => differs('its last events are missing'));

const differs = (found: string): BackupError =>
  new BackupError(
    'RESTORE_DIFFERS',
    `The log that was restored is not the one of the backup (${found}). It stays closed.`,
  );
