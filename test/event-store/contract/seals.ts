import type { JsonObject } from '../../../src/event-store/port/event-store';
import type { SealRecord, SealStore } from '../../../src/event-store/port/seal-store';

/** Place where the seals of one log are kept, for one test. */
export interface SealPlace {
  /** Opens a store there; opened twice, there are two, as two processes have. */
  readonly open: () => Promise<SealStore>;
  /** Closes all that was opened, and removes what was made. */
  readonly close: () => Promise<void>;
}

async function all(store: SealStore): Promise<SealRecord[]> {
  const records: SealRecord[] = [];
  for await (const record of store.read()) records.push(record);
  return records;
}

/** Contract of every store of seals, as tests. A store passes it unchanged. */
export function sealContract(name: string, newPlace: () => Promise<SealPlace>): void {
  describe(`${name}, as a store of seals`, () => {
    let place: SealPlace;
    beforeEach(async () => {
      place = await newPlace();
    });
    afterEach(() => place.close());

    it('is empty at first', async () => {
      const store = await place.open();
      expect(await store.last()).toBeNull();
      expect(await all(store)).toEqual([]);
    });

    it('gives back what was added, in order, to every process', async () => {
      const store = await place.open();
      const values: JsonObject[] = [{ note: 'log\n\n— log x\n', size: '1' }, { list: [1, { a: null }] }, {}];
      for (const [index, data] of values.entries())
        expect(await store.append(index === 0 ? null : index - 1, data)).toBe(true);
      for (const each of [store, await place.open()]) {
        expect(await all(each)).toEqual(values.map((data, revision) => ({ revision, data })));
        expect(await each.last()).toEqual({ revision: 2, data: {} });
      }
    });

    it('adds nothing behind a record that is not the last', async () => {
      const store = await place.open();
      expect(await store.append(0, { n: 0 })).toBe(false);
      expect(await store.append(null, { n: 1 })).toBe(true);
      for (const after of [null, 1, 7]) expect(await store.append(after, { n: 2 })).toBe(false);
      expect(await all(store)).toEqual([{ revision: 0, data: { n: 1 } }]);
    });

    it('lets one of many win', async () => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => place.open()));
      for (const after of [null, 0]) {
        const added = await Promise.all(stores.map((store, n) => store.append(after, { n })));
        expect(added.filter(Boolean)).toHaveLength(1);
        const winner = await stores[0]!.last();
        expect(winner).toEqual({ revision: after === null ? 0 : 1, data: { n: added.indexOf(true) } });
      }
    });

    it('is read over many pages', async () => {
      const store = await place.open();
      for (let n = 0; n < 55; n += 1) await store.append(n === 0 ? null : n - 1, { n });
      expect((await all(store)).map(({ data }) => data['n'])).toEqual(
        Array.from({ length: 55 }, (_, n) => n),
      );
    });

    it('is not asked once it is closed', async () => {
      const store = await place.open();
      await store.close();
      await expect(store.last()).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(all(store)).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(store.append(null, {})).rejects.toMatchObject({ code: 'CLOSED' });
      await store.close();
    });
  });
}
