import { copyKeyBook } from '../../src/keys/book/copy';
import { openKeyBook } from '../../src/keys/book/key-book';
import { KeyBookError, type KeyBook } from '../../src/keys/port/key-book';
import type { NewSegment, Replacement, SegmentStore } from '../../src/keys/port/segment-store';
import { failureOf, hexOf, lookUp, masters } from './contract/controls';
import { MemorySegments, type Shelf } from './memory/memory-segments';

/** A process may end at any call of the store, before or after it had its effect: nothing is half, and no key is lost. */

type End = 'before' | 'after';

/** A store whose process ends at one of its calls; whatever is called later fails too. */
class DyingSegments implements SegmentStore {
  calls = 0;

  constructor(
    private readonly inner: SegmentStore,
    private readonly lastCall = Infinity,
    private readonly end: End = 'before',
  ) {}

  create(segment: NewSegment): Promise<boolean> {
    return this.#call(() => this.inner.create(segment));
  }
  read(id: string) {
    return this.#call(() => this.inner.read(id));
  }
  async *pages() {
    for await (const page of this.inner.pages()) yield await this.#call(async () => page);
  }
  replace(replacements: readonly Replacement[]) {
    return this.#call(() => this.inner.replace(replacements));
  }
  purge() {
    return this.#call(() => this.inner.purge());
  }
  close() {
    return this.inner.close();
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (this.calls < this.lastCall) return work();
    if (this.calls === this.lastCall && this.end === 'after') await work();
    throw new KeyBookError('UNAVAILABLE', 'killed');
  }
}

const M1 = masters('m1');
const BOTH = masters('m2', 'm1');
const M2 = masters('m2');

/** A book under `m1`: its shelf, keys that have to stay and keys to erase, over several segments. */
async function filled() {
  const shelf: Shelf = new Map();
  const book = await openKeyBook(new MemorySegments(shelf), () => M1);
  const { secret, reasons } = await book.openAccount('acme');
  const kept = new Map([[reasons.id, hexOf(reasons.key)]]);
  const doomed: string[] = [];
  for (let n = 0; n < 90; n += 1) {
    const { id, key } = await book.newKey('acme');
    if (n % 30 === 5) doomed.push(id);
    else kept.set(id, hexOf(key));
  }
  return { shelf, kept, doomed, secret: hexOf(secret) };
}
type Filled = Awaited<ReturnType<typeof filled>>;

interface Operation {
  readonly run: (book: KeyBook, filled: Filled) => Promise<unknown>;
  /** State of the book once the operation is complete. */
  readonly after: (book: KeyBook, filled: Filled) => Promise<void>;
}

const OPERATIONS: Record<string, Operation> = {
  'opening an account': {
    run: (book) => book.openAccount('new'),
    after: async (book) => expect(await failureOf(book.accountKeys('new'))).toBe('none'),
  },
  'giving out keys': {
    run: async (book, { kept }) => {
      for (let n = 0; n < 100; n += 1) {
        const { id, key } = await book.newKey('acme');
        expect(kept.has(id)).toBe(false);
        kept.set(id, hexOf(key));
      }
    },
    after: async () => undefined,
  },
  'an erasure': {
    run: (book, { doomed }) => book.erase('acme', doomed),
    after: async (book, { doomed }) => {
      for (const id of doomed) expect(await lookUp(book, 'acme', id)).toBe('erased');
    },
  },
  'a rotation': {
    run: (book) => book.rotate(),
    after: async (book) => expect(await book.status()).toMatchObject({ toRotate: 0 }),
  },
};

/** Number of calls that the operation makes when nothing stops it, those of opening the book left out. */
async function callsOf({ run }: Operation): Promise<number> {
  const book = await filled();
  const store = new DyingSegments(new MemorySegments(book.shelf));
  const opened = await openKeyBook(store, () => BOTH);
  const before = store.calls;
  await run(opened, book);
  return store.calls - before;
}

async function expectNothingLost({ shelf, kept, doomed, secret }: Filled): Promise<void> {
  const book = await openKeyBook(new MemorySegments(shelf), () => BOTH);
  expect((await book.status()).damaged).toEqual([]);
  expect(hexOf((await book.accountKeys('acme')).secret)).toBe(secret);
  for (const [id, hex] of kept) expect(await lookUp(book, 'acme', id)).toBe(hex);
  for (const id of doomed) expect(['found', 'erased']).toContain((await book.find('acme', id)).state);
}

describe.each(Object.entries(OPERATIONS))('%s, killed at any call', (_, operation) => {
  it.each<End>(['before', 'after'])(
    '%s its effect, loses nothing and is completed by a repeat',
    async (end) => {
      const calls = await callsOf(operation);
      expect(calls).toBeGreaterThan(0);
      for (let call = 1; call <= calls; call += 1) {
        const book = await filled();
        const opening = new DyingSegments(new MemorySegments(book.shelf));
        await openKeyBook(opening, () => BOTH);
        const store = new DyingSegments(new MemorySegments(book.shelf), opening.calls + call, end);
        const dying = await openKeyBook(store, () => BOTH);
        expect(await failureOf(operation.run(dying, book).then(() => undefined))).toBe('UNAVAILABLE');
        await expectNothingLost(book);

        const again = await openKeyBook(new MemorySegments(book.shelf), () => BOTH);
        await operation.run(again, book);
        await operation.after(again, book);
        await expectNothingLost(book);
      }
    },
  );
});

describe('a copy, killed at any call of either store', () => {
  it.each<End>(['before', 'after'])('%s its effect, is completed by a repeat', async (end) => {
    const copy = (source: SegmentStore, target: SegmentStore) =>
      copyKeyBook({ store: source, masterKeys: () => M1 }, { store: target, masterKeys: () => M2 });
    for (const dies of ['source', 'target']) {
      for (let call = 1, died = true; died; call += 1) {
        const book = await filled();
        const [source, target] = [new MemorySegments(book.shelf), new MemorySegments()];
        const dying = new DyingSegments(dies === 'source' ? source : target, call, end);
        const attempt = dies === 'source' ? copy(dying, target) : copy(source, dying);
        died = (await failureOf(attempt)) === 'UNAVAILABLE';
        await copy(source, target);
        await expectNothingLost({ ...book, shelf: target.shelf });
        const after = await openKeyBook(new MemorySegments(target.shelf), () => M2);
        expect(await after.status()).toMatchObject({ toRotate: 0, keys: 16 + 64 + 256 });
      }
    }
  });
});
