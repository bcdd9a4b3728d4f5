import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import type { RecordedEvent } from '../../../src/event-store/port/event-store';
import { openKeyBook } from '../../../src/keys/book/key-book';
import type { KeyBook } from '../../../src/keys/port/key-book';
import { erasuresIn, writeErasures } from '../../../src/operations/backup/erasure-list';
import type { RestoreOptions } from '../../../src/operations/backup/restore';
import { erasingKeys } from '../../../src/sealing/erase-keys';
import { Opener } from '../../../src/sealing/opening-store';
import { ask, execute, verdict, type Ask } from '../../commands/harness';
import { masters } from '../../keys/contract/controls';
import { MemorySegments, type Shelf } from '../../keys/memory/memory-segments';
import { givenSealed, type SealedLog } from '../../sealing/harness';
import { Place } from './harness';

export const erase = (user: string): Ask => ask({ type: 'eraseUser', user }, { reason: 'ticket 99' });
export const register = (user: string): Ask =>
  ask({ type: 'registerUser', user, username: user, name: `Name of ${user}` });

/** A data folder with a log of format 2, filled by commands, whose key book is in memory. */
export class SealedPlace extends Place {
  #mirrored = 0;

  private constructor(private readonly sealed: SealedLog) {
    super();
  }

  /** An account with the admins ann and bob, and the users cat and dan. */
  static async open(): Promise<SealedPlace> {
    const place = new SealedPlace(await givenSealed());
    await place.#mirror();
    return place;
  }

  /** Carries commands out; every one must be accepted. */
  async done(...asks: readonly Ask[]): Promise<void> {
    const bus = await this.sealed.replica();
    for (const wish of asks) {
      const outcome = verdict(await execute(bus, wish));
      if (outcome !== 'ok') throw new Error(`${wish.command.type}: ${outcome}`);
    }
    await this.#mirror();
  }

  /** The list of the log's erasures as it is now, in a file. */
  async listFile(): Promise<string> {
    const log = await this.source();
    const list = await erasuresIn(log, () => new Date('2026-03-02T12:00:00Z'));
    await log.close();
    const file = path.join(this.root, 'erasures.json');
    writeFileSync(file, writeErasures(list));
    return file;
  }

  /** A copy of the key book as it is now. */
  keyCopy(): Shelf {
    return new Map(this.sealed.shelf);
  }

  async #mirror(): Promise<void> {
    const log = await openEmbeddedStore({ directory: this.data, formatOfNew: 2 });
    for (const event of this.sealed.log.events.slice(this.#mirrored)) {
      const { stream, revision, id, type, data, metadata } = event;
      const append = [{ id, type, data, metadata }];
      await log.append(stream, revision === 0 ? 'no-stream' : revision - 1, append);
      this.#mirrored += 1;
    }
    await log.close();
  }

  /** All events of what was restored, as the log holds them. */
  async restoredEvents(): Promise<RecordedEvent[]> {
    const log = await this.openRestored(true);
    const events: RecordedEvent[] = [];
    for await (const event of log.readAll()) events.push(event);
    await log.close();
    return events;
  }

  /** Names that the restored log gives away to whoever has a key book, by user; null: it cannot be decrypted. */
  async restoredNames(shelf: Shelf): Promise<Record<string, unknown>> {
    const opener = new Opener(await openBook(shelf));
    const names: Record<string, unknown> = {};
    for (const event of await this.restoredEvents()) {
      const { type, data } = await opener.open(event);
      if (type === 'UserRegistered') names[String(data['user'])] = data['name'];
    }
    return names;
  }
}

const openBook = (shelf: Shelf): Promise<KeyBook> =>
  openKeyBook(new MemorySegments(shelf), () => masters('m1'));

/** Key book of a restore. `die`: called before each erasure. */
export const keysIn =
  (shelf: Shelf, die: () => void = () => undefined): RestoreOptions['openKeys'] =>
  async (log) => {
    const book = await openBook(shelf);
    const erase = erasingKeys(log, book);
    return {
      erase: async (account, user) => {
        die();
        await erase(account, user);
      },
      close: () => book.close(),
    };
  };
