import type { CommandBus } from '../../src/commands/command';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { KeyBook } from '../../src/keys/port/key-book';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { ACCOUNT_GIVEN, execute, Log, replica, verdict, type Ask } from '../commands/harness';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';

/** A log with sealed names, its key book, and as many replicas as wanted. */
export class SealedLog {
  readonly log = new Log();
  readonly shelf: Shelf = new Map();

  /** A book of its own for each process. */
  book(): Promise<KeyBook> {
    return openKeyBook(new MemorySegments(this.shelf), () => masters('m1'));
  }

  /** `book` left out: one of its own. */
  async replica(book?: Partial<KeyBook>): Promise<CommandBus> {
    const sealing = new KeyedSealing((book ?? (await this.book())) as KeyBook);
    return replica(this.log, undefined, undefined, { sealing });
  }
}

/** A log in which all this was accepted, after the account was opened and its users registered. */
export async function givenSealed(...asks: readonly Ask[]): Promise<SealedLog> {
  const given = new SealedLog();
  const bus = await given.replica();
  for (const wish of [...ACCOUNT_GIVEN, ...asks]) {
    const done = await execute(bus, wish);
    if (verdict(done) !== 'ok') throw new Error(`given ${wish.command.type}: ${verdict(done)}`);
  }
  return given;
}
