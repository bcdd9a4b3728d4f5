import type { EventStore, NewEvent } from '../../src/event-store/port/event-store';
import { copyKeyBook } from '../../src/keys/book/copy';
import { openKeyBook } from '../../src/keys/book/key-book';
import { firstSegmentOf, keyOfReasons } from '../../src/keys/key-id';
import { NO_ACCOUNT, type KeyBook } from '../../src/keys/port/key-book';
import { verifyLog } from '../../src/operations/log/verify';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { keysIn } from '../../src/sealing/keys-in';
import { Opener } from '../../src/sealing/opening-store';
import { reasonOfNoAccount } from '../../src/sealing/reason-of-no-account';
import { ask, execute } from '../commands/harness';
import { smallFile } from '../domain/catalogue/fixtures';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { before, eventsOf, publish } from '../operations/publication/support';
import { givenSealed } from './harness';

/** Reasons of publications in a log of format 2: of the pseudo-account, whose keys are made for the first one. */

const REASON = 'asked for by Ada Lovelace';

class Publishers {
  readonly store = new MemoryEventStore();
  readonly shelf: Shelf = new Map();

  /** A book of its own for each process. */
  book(shelf: Shelf = this.shelf): Promise<KeyBook> {
    return openKeyBook(new MemorySegments(shelf), () => masters('m1'));
  }

  /** Publishes as an operator's command does. */
  async publish(
    version: number,
    reason = REASON,
    store: Pick<EventStore, 'append' | 'readStream'> = this.store,
  ) {
    const recorded = await reasonOfNoAccount(this.store, await this.book(), reason);
    const metadata = operatorMetadata({ actorId: 'ana', requestId: 'r', reason: recorded });
    return publish(store, smallFile(version), { metadata });
  }

  async reasons(book: KeyBook | null): Promise<unknown[]> {
    const opener = new Opener(book);
    const opened = await Promise.all((await eventsOf(this.store)).map((event) => opener.open(event)));
    return [...new Set(opened.map(({ metadata }) => metadata['reason']))];
  }
}

test('it is encrypted once for a publication, by a key that is durable before the first append', async () => {
  const given = new Publishers();
  const sent: (readonly NewEvent[])[] = [];
  const store: Pick<EventStore, 'append' | 'readStream'> = {
    readStream: given.store.readStream.bind(given.store),
    append: async (...args) => {
      expect(given.shelf.has(firstSegmentOf(NO_ACCOUNT))).toBe(true);
      sent.push(args[2]);
      return given.store.append(...args);
    },
  };
  expect(await given.publish(1, REASON, store)).toMatchObject({ outcome: 'published' });
  expect(new Set(sent.flat().map(({ metadata }) => JSON.stringify(metadata['reason']))).size).toBe(1);
  const events = await eventsOf(given.store);
  expect(JSON.stringify(events.map(({ data, metadata }) => [data, metadata]))).not.toContain(REASON);
  expect(new Set(events.flatMap(keysIn))).toEqual(new Set([keyOfReasons(NO_ACCOUNT)]));
  expect((await verifyLog(given.store, () => undefined)).faults).toEqual([]);
  expect(await given.reasons(await given.book())).toEqual([REASON]);
  // Without the key book nothing fails.
  expect(await given.reasons(null)).toEqual([null]);
});

test('two who publish the same at once agree on one publication, whatever reason each gave', async () => {
  const given = new Publishers();
  let waiting = 0;
  let go = (): void => undefined;
  const bothRead = new Promise<void>((resolve) => (go = resolve));
  // Neither writes before the other one has read.
  const racing = () =>
    before(given.store, (count) => {
      if (count > 1) return undefined;
      if ((waiting += 1) === 2) go();
      return bothRead;
    });
  const outcomes = await Promise.all([
    given.publish(1, REASON, racing()),
    given.publish(1, 'the other one’s', racing()),
  ]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['already', 'published']);
  const published = (await eventsOf(given.store)).filter(({ type }) => type === 'CataloguePublished');
  expect(published).toHaveLength(1);
  // Again, under another reason: there is nothing to write.
  expect(await given.publish(1, 'once more')).toMatchObject({ outcome: 'unchanged' });
});

test('a key that the log names and the book lost is not replaced: the reason is refused', async () => {
  const given = new Publishers();
  await given.publish(1);
  const segment = given.shelf.get(firstSegmentOf(NO_ACCOUNT))!;
  given.shelf.delete(segment.id);
  await expect(given.publish(2)).rejects.toMatchObject({ code: 'ACCOUNT_KEYS_MISSING' });
  expect(given.shelf.size).toBe(0);
  expect(await given.reasons(await given.book())).toEqual([null]);
  // Without a reason nothing of the book is asked for.
  expect(await publish(given.store, smallFile(2))).toMatchObject({ outcome: 'published' });
  given.shelf.set(segment.id, segment);
  expect(await given.publish(3)).toMatchObject({ outcome: 'published' });
  expect(await given.reasons(await given.book())).toEqual([REASON, 'CHG-7']);
});

test('a copy of the key book has the key, and a rotation keeps it', async () => {
  const given = new Publishers();
  await given.publish(1);
  const target: Shelf = new Map();
  const masterKeys = () => masters('m1');
  expect(
    await copyKeyBook(
      { store: new MemorySegments(given.shelf), masterKeys },
      { store: new MemorySegments(target), masterKeys },
    ),
  ).toMatchObject({ copied: 1 });
  const rotated = await openKeyBook(new MemorySegments(target), () => masters('m2', 'm1'));
  expect(await rotated.rotate()).toMatchObject({ sealed: 1, damaged: [] });
  const book = await openKeyBook(new MemorySegments(target), () => masters('m2'));
  expect(await given.reasons(book)).toEqual([REASON]);
  // No erasure touches it.
  await expect(book.erase(NO_ACCOUNT, [keyOfReasons(NO_ACCOUNT)])).rejects.toMatchObject({
    code: 'KEY_PROTECTED',
  });
});

test('no account is opened under the name that operators’ keys have', async () => {
  const opening = ask({ type: 'openAccount', name: 'Dash', features: [] }, { account: '-' });
  const { outcome } = await execute(await (await givenSealed()).replica(), opening);
  expect(outcome).toMatchObject({ refusals: [{ code: 'INVALID_INPUT', field: ['account'] }] });
});
