import { newEvents, newStream, write, type OpenStore } from './controls';

export function lineContract(open: OpenStore): void {
  describe('the line of a log', () => {
    it('stays what it is, whoever opens the log, and is not changed once there are events', async () => {
      const { store, close, reopen } = await open();
      await write(store, newStream(), newEvents(1));
      const line = await store.line();
      expect(line).not.toBe('');
      expect(await store.takeLine('another')).toBe(false);
      expect(await store.takeLine(line)).toBe(true);
      expect(await store.line()).toBe(line);
      if (reopen) expect(await (await reopen()).line()).toBe(line);
      await close();
    });
  });
}
