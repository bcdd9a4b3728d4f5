import { newEvents, newStream, write, type OpenStore } from './controls';

export function formatContract(open: OpenStore): void {
  describe('the format of a log', () => {
    it('is 2 unless its maker asks for another, and is not changed once there are events', async () => {
      const { store, close, reopen } = await open();
      await write(store, newStream(), newEvents(1));
      const line = await store.line();
      expect(await store.format()).toBe(2);
      expect(await store.takeFormat(1, null)).toBe(false);
      expect(await store.takeFormat(2, null)).toBe(true);
      expect([await store.format(), await store.line(), await store.origin()]).toEqual([2, line, null]);
      if (reopen) expect(await (await reopen()).format()).toBe(2);
      await close();
    });
  });
}
