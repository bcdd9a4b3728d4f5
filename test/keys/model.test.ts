import * as fc from 'fast-check';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { MasterKeys } from '../../src/keys/master-keys';
import type { KeyBook } from '../../src/keys/port/key-book';
import { runs } from '../scale';
import { hexOf, lookUp, masters, type NewPlace, type Place } from './contract/controls';
import { newEmbeddedPlace } from './embedded/place';
import { MemorySegments } from './memory/memory-segments';

/** Any sequence of what processes do to a book, against a table of keys. */

type Step =
  | { readonly do: 'open account'; readonly process: number; readonly account: string }
  | { readonly do: 'new keys'; readonly process: number; readonly account: string; readonly count: number }
  | { readonly do: 'erase'; readonly process: number; readonly picks: readonly number[] }
  | { readonly do: 'rotate'; readonly process: number }
  | { readonly do: 'new master key' }
  | { readonly do: 'forget old master keys' }
  | { readonly do: 'reopen'; readonly process: number }
  | { readonly do: 'look up'; readonly process: number };

const which = fc.nat({ max: 1 });
const account = fc.constantFrom('acme', 'other');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('open account' as const), process: which, account }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('new keys' as const),
      process: which,
      account,
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('erase' as const),
      process: which,
      picks: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
    }),
  },
  fc.record({ do: fc.constant('rotate' as const), process: which }),
  fc.constant<Step>({ do: 'new master key' }),
  fc.constant<Step>({ do: 'forget old master keys' }),
  fc.record({ do: fc.constant('reopen' as const), process: which }),
  fc.record({ do: fc.constant('look up' as const), process: which }),
);

/** Keys that were given out, by id: their digits, or that they are erased. */
class Table {
  readonly keys = new Map<string, { readonly account: string; state: string }>();
  readonly secrets = new Map<string, string>();

  give(account: string, id: string, hex: string): void {
    expect([...this.keys.values()].map(({ state }) => state)).not.toContain(hex);
    expect(this.keys.has(id)).toBe(false);
    this.keys.set(id, { account, state: hex });
  }
}

class Run {
  readonly #table = new Table();
  readonly #processes: (KeyBook | undefined)[] = [];
  #names = ['m0'];
  #made = 0;
  #file: MasterKeys = masters('m0');

  constructor(private readonly place: Place) {}

  async #process(number: number): Promise<KeyBook> {
    return (this.#processes[number] ??= await openKeyBook(await this.place.open(), () => this.#file));
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'open account': {
        const { secret } = await (await this.#process(step.process)).openAccount(step.account);
        const known = this.#table.secrets.get(step.account) ?? hexOf(secret);
        this.#table.secrets.set(step.account, known);
        return expect(hexOf(secret)).toBe(known);
      }
      case 'new keys':
        return this.#newKeys(await this.#process(step.process), step.account, step.count);
      case 'erase':
        return this.#erase(await this.#process(step.process), step.picks);
      case 'rotate':
        await (await this.#process(step.process)).rotate();
        return;
      case 'new master key':
        return this.#masters([`m${(this.#made += 1)}`, ...this.#names]);
      case 'forget old master keys':
        await (await this.#process(0)).rotate();
        return this.#masters(this.#names.slice(0, 1));
      case 'reopen':
        await this.#processes[step.process]?.close();
        this.#processes[step.process] = undefined;
        return;
      case 'look up':
        return this.#lookUp(await this.#process(step.process));
    }
  }

  async finish(): Promise<void> {
    for (const book of this.#processes) await book?.close();
    const book = await openKeyBook(await this.place.open(), () => this.#file);
    await this.#lookUp(book);
    for (const [account, secret] of this.#table.secrets)
      expect(hexOf((await book.accountKeys(account)).secret)).toBe(secret);
    const erased = [...this.#table.keys.values()].filter(({ state }) => state === 'erased').length;
    expect(await book.status()).toMatchObject({ erased, damaged: [] });
    await this.place.close();
  }

  #masters(names: readonly string[]): void {
    this.#names = [...names];
    this.#file = masters(...names);
  }

  async #newKeys(book: KeyBook, account: string, count: number): Promise<void> {
    if (!this.#table.secrets.has(account)) return;
    const keys = await Promise.all(Array.from({ length: count }, () => book.newKey(account)));
    for (const { id, key } of keys) this.#table.give(account, id, hexOf(key));
  }

  async #erase(book: KeyBook, picks: readonly number[]): Promise<void> {
    const ids = [...this.#table.keys.keys()];
    const chosen = ids.length === 0 ? [] : picks.map((pick) => ids[pick % ids.length]!);
    for (const account of ['acme', 'other']) {
      const some = [...new Set(chosen)].filter((id) => this.#table.keys.get(id)?.account === account);
      const before = some.filter((id) => this.#table.keys.get(id)?.state === 'erased').length;
      expect(await book.erase(account, some)).toEqual({ erased: some.length - before, before, missing: [] });
      for (const id of some) this.#table.keys.get(id)!.state = 'erased';
      // An event tells the other processes.
      for (const other of this.#processes) other?.forget(some);
    }
  }

  async #lookUp(book: KeyBook): Promise<void> {
    for (const [id, { account, state }] of this.#table.keys) {
      expect(await lookUp(book, account, id)).toBe(state);
      expect(await lookUp(book, account === 'acme' ? 'other' : 'acme', id)).toBe('missing');
    }
  }
}

const inMemory: NewPlace = async () => {
  const { shelf } = new MemorySegments();
  return { open: async () => new MemorySegments(shelf), close: async () => undefined };
};

describe('any sequence of steps of two processes', () => {
  it.each([
    ['in memory', inMemory, 150],
    ['in the embedded store', newEmbeddedPlace, 25],
  ])('%s gives each key once and finds it until it is erased', async (_, newPlace, count) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const run = new Run(await newPlace());
        for (const each of steps) await run.take(each);
        await run.finish();
      }),
      runs(count),
    );
  });
});
