import fc from 'fast-check';
import { readCatalogue } from '../../../src/operations/publication/catalogue-log';
import { contentOf } from '../../../src/domain/catalogue/content';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import { MemoryEventStore } from '../../event-store/memory/memory-store';
import { largeFile } from '../../domain/catalogue/fixtures';
import { before, die, eventsOf, publications, publish, turn } from './support';
import { runs } from '../../scale';

describe('several publishers', () => {
  test('two that race publish once; the other finds it done', async () => {
    const store = new MemoryEventStore();
    const slow = before(store, turn);
    const results = await Promise.all([publish(slow, largeFile(400)), publish(slow, largeFile(400))]);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['already', 'published']);
    expect(new Set(results.map(({ position }) => position)).size).toBe(1);
    expect(await publications(store)).toEqual([1]);
  });

  test('who meets another that is staging waits, and does not disturb it', async () => {
    const store = new MemoryEventStore();
    let second: ReturnType<typeof publish> | undefined;
    const first = before(store, async (count) => {
      if (count !== 2) return turn();
      await new Promise<void>((waits) => {
        const pause = async () => {
          waits();
          await turn();
          await turn();
        };
        second = publish(store, largeFile(400), { pause });
      });
    });
    expect(await publish(first, largeFile(400))).toMatchObject({ outcome: 'published' });
    expect(await second).toMatchObject({ outcome: 'already', version: 1 });
    const events = await eventsOf(store);
    expect(new Set(events.map(({ data }) => data.publication)).size).toBe(1);
  });

  test('a higher version goes on after a lower one that came first', async () => {
    const store = new MemoryEventStore();
    const slow = before(store, turn);
    const [low, high] = await Promise.all([publish(slow, largeFile(400)), publish(slow, largeFile(300, 2))]);
    expect(high.outcome).toBe('published');
    expect(['already', 'published']).toContain(low.outcome);
    expect((await publications(store)).at(-1)).toBe(2);
    expect((await readCatalogue(store)).state.content.version).toBe(2);
  });

  test('whatever the order of steps and whoever dies, each version is published at most once and whole', async () => {
    const publisher = fc.record({
      version: fc.integer({ min: 1, max: 3 }),
      dies: fc.option(fc.integer({ min: 1, max: 3 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(publisher, { minLength: 2, maxLength: 4 }),
        async (s, all) => {
          const store = new MemoryEventStore();
          const runs = all.map(({ version, dies }) => {
            const own = before(store, async (count) => {
              await s.schedule(Promise.resolve());
              if (count === dies) die();
            });
            const pause = async () => void (await s.schedule(Promise.resolve()));
            return publish(own, largeFile(150 + version, version), { pause }).catch((error: unknown) => {
              if (!(error instanceof EventStoreError)) throw error;
              return null;
            });
          });
          const results = await s.waitFor(Promise.all(runs));
          const versions = await publications(store);
          expect(versions).toEqual([...new Set(versions)].sort());
          const { content } = (await readCatalogue(store)).state;
          for (const result of results)
            if (result) expect(content.version).toBeGreaterThanOrEqual(result.version);
          if (results.every(Boolean))
            expect(content.version).toBe(Math.max(...all.map(({ version }) => version)));
          if (content.version === 0) return;
          const wanted = contentOf(largeFile(150 + content.version, content.version));
          expect(content.permissions.filter(({ retired }) => !retired)).toEqual(wanted.permissions);
        },
      ),
      runs(25),
    );
  });
});
