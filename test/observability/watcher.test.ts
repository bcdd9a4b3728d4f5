import type { Command, CommandBus, CommandContext } from '../../src/commands/command';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { watchWith, type Watcher } from '../../src/observability/watcher';

/** Says when it was entered and left, and by which hook. */
function scribe(name: string, written: string[]): Watcher {
  const around = async <T>(what: string, proceed: () => Promise<T>): Promise<T> => {
    written.push(`${name} ${what}`);
    const result = await proceed();
    written.push(`${what} ${name}`);
    return result;
  };
  return {
    append: ({ stream, events }, proceed) => around(`append ${stream} ${events.length}`, proceed),
    command: ({ type }, _context, proceed) => around(type, proceed),
    onRetry: (why) => written.push(`${name} ${why}`),
  };
}

const EVENT = { id: '11111111-2222-4333-8444-555555555555', type: 'Tested', data: {}, metadata: {} };

test('watchers stand around what they watch, the first one outermost', async () => {
  const written: string[] = [];
  const watch = watchWith(scribe('a', written), {}, scribe('b', written));
  const store = watch.store(new MemoryEventStore());
  expect(await store.append('rolebook.role-x.y', 'no-stream', [EVENT])).toMatchObject({ revision: 0 });
  const what = 'append rolebook.role-x.y 1';
  expect(written.splice(0)).toEqual([`a ${what}`, `b ${what}`, `${what} b`, `${what} a`]);

  const outcome = { accepted: false, refusals: [], position: null } as const;
  const bus: CommandBus = watch.bus({ execute: async () => outcome });
  expect(await bus.execute({ type: 'deleteRole' } as Command, {} as CommandContext)).toBe(outcome);
  expect(written.splice(0)).toEqual(['a deleteRole', 'b deleteRole', 'deleteRole b', 'deleteRole a']);

  watch.onRetry('conflict');
  expect(written).toEqual(['a conflict', 'b conflict']);
  await store.close();
});

test('a watched store is the store in all else', async () => {
  const inner = new MemoryEventStore();
  const store = watchWith(scribe('a', [])).store(inner);
  await store.append('rolebook.role-x.y', 'no-stream', [EVENT]);
  expect(await store.identity()).toBe(await inner.identity());
  expect((await store.head())?.id).toBe(EVENT.id);
  const found = [];
  for await (const { id } of store.readStream('rolebook.role-x.y')) found.push(id);
  for await (const { id } of store.readAll()) found.push(id);
  for await (const item of store.subscribe({ signal: AbortSignal.timeout(10_000) })) {
    if (item.kind === 'caught-up') break;
    found.push(item.event.id);
  }
  expect(found).toEqual([EVENT.id, EVENT.id, EVENT.id]);
  expect(store.clockSkewMs).toBeUndefined();
  await store.close();
  await expect(inner.head()).rejects.toMatchObject({ code: 'CLOSED' });
});

test('where nobody watches, nothing stands in between', () => {
  const store = new MemoryEventStore();
  expect(watchWith().store(store)).toBe(store);
});
