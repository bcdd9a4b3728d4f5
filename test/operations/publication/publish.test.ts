import { isDeepStrictEqual } from 'node:util';
import { readCatalogue } from '../../../src/operations/publication/catalogue-log';
import type { PublishOptions } from '../../../src/operations/publication/publish';
import { contentOf } from '../../../src/domain/catalogue/content';
import { validateEvent, validateMetadata } from '../../../src/domain/schemas';
import { EventStoreError } from '../../../src/event-store/port/event-store';
import { MemoryEventStore } from '../../event-store/memory/memory-store';
import { catalogueStream } from '../../../src/event-store/port/streams';
import { largeFile, smallFile } from '../../domain/catalogue/fixtures';
import { before, die, eventsOf, publications, publish } from './support';

describe('the version decides', () => {
  test('a first file is published, sound in data and metadata', async () => {
    const store = new MemoryEventStore();
    const result = await publish(store, smallFile());
    const events = await eventsOf(store);
    expect(result).toEqual({
      outcome: 'published',
      version: 1,
      position: events.at(-1)?.position,
      events: events.length,
    });
    expect(events.flatMap(({ type, data }) => validateEvent(type, data))).toEqual([]);
    expect(events.flatMap((event) => validateMetadata(event.metadata))).toEqual([]);
    expect(events.at(-1)?.metadata).toMatchObject({
      actorType: 'operator',
      part: String(events.length),
      parts: String(events.length),
      basis: '-@-',
      schemaVersion: '2',
      reason: 'CHG-7',
      commandId: events[0]?.data.publication,
    });
    expect(events.at(-1)?.data).toMatchObject({ version: 1, previousVersion: null });
    expect((await readCatalogue(store)).state.content).toEqual(contentOf(smallFile()));
  });

  test('the same again writes nothing, however it is written', async () => {
    const store = new MemoryEventStore();
    const { position } = await publish(store, smallFile());
    const file = smallFile();
    Object.assign(file.features[1] ?? {}, { required: false });
    for (const same of [smallFile(), file]) {
      expect(await publish(store, same)).toEqual({ outcome: 'unchanged', version: 1, position, events: 0 });
    }
    expect(await publications(store)).toEqual([1]);
  });

  test('a higher one is published as the difference', async () => {
    const store = new MemoryEventStore();
    await publish(store, smallFile());
    const file = smallFile(5);
    Object.assign(file.groups[0] ?? {}, { name: 'Common' });
    expect(await publish(store, file)).toMatchObject({ outcome: 'published', version: 5, events: 2 });
    expect((await readCatalogue(store)).state.content).toEqual(contentOf(file));
    const { data, metadata } = (await eventsOf(store)).at(-1)!;
    expect(metadata).toMatchObject({ basis: expect.stringMatching(/^\d+@1$/), schemaVersion: '2' });
    expect(data).toMatchObject({ version: 5, previousVersion: 1 });
  });

  test('a higher one without any difference is published alone', async () => {
    const store = new MemoryEventStore();
    await publish(store, smallFile());
    expect(await publish(store, smallFile(2))).toMatchObject({ outcome: 'published', events: 1 });
  });

  test('a lower one is left alone, with a warning', async () => {
    const store = new MemoryEventStore();
    await publish(store, smallFile(3));
    expect(await publish(store, smallFile(2))).toMatchObject({
      outcome: 'older',
      version: 3,
      events: 0,
      warning: "The log has catalogue version 3; the file's version 2 is lower and was left alone.",
    });
  });

  test('the same version with other content is an error that says what to do', async () => {
    const store = new MemoryEventStore();
    await publish(store, smallFile());
    const file = smallFile();
    file.groups.push({ key: 'more', name: 'More' });
    await expect(publish(store, file)).rejects.toMatchObject({
      code: 'CATALOGUE_VERSION_REUSED',
      message:
        "The catalogue file has version 1, which is published with other content (+ group more). Raise the file's version to publish it.",
    });
  });
});

describe('a large catalogue', () => {
  test('of 10,000 permissions goes in batches that fit, with progress', async () => {
    const store = new MemoryEventStore();
    const counting = before(store, () => {});
    const progress: number[] = [];
    const file = largeFile(10_000);
    const result = await publish(counting, file, { onProgress: ({ written }) => progress.push(written) });
    expect(result.events).toBeGreaterThan(30_000);
    expect(progress).toHaveLength(counting.appends);
    expect(progress.at(-1)).toBe(result.events);
    expect(counting.appends).toBeGreaterThan(60);
    const { state } = await readCatalogue(store);
    expect(isDeepStrictEqual(state.content, contentOf(file))).toBe(true);
    expect(state.staged.size).toBe(0);
  });
});

describe('failures', () => {
  test('death between two batches leaves void events, and the next publication holds', async () => {
    const store = new MemoryEventStore();
    await publish(store, smallFile());
    await expect(
      publish(
        before(store, (n) => (n === 3 ? die() : undefined)),
        largeFile(500, 2),
      ),
    ).rejects.toThrow();
    const dead = await readCatalogue(store);
    expect(dead.state.content).toEqual(contentOf(smallFile()));
    expect(dead.state.staging).not.toBeNull();

    const pauses: number[] = [];
    const later = { random: () => 0, pause: async (ms: number) => void pauses.push(ms) };
    expect(await publish(store, largeFile(20, 2), later)).toMatchObject({ outcome: 'published' });
    expect(pauses).toEqual([500]);
    expect((await readCatalogue(store)).state.content).toEqual(contentOf(largeFile(20, 2)));
  });

  test('what was staged long ago is not waited for', async () => {
    const store = new MemoryEventStore();
    const clock = () => new Date(Date.now() - 60_000);
    await expect(
      publish(
        before(store, (n) => (n === 2 ? die() : undefined)),
        largeFile(500),
        { clock },
      ),
    ).rejects.toThrow();
    const pause = jest.fn();
    expect(await publish(store, smallFile(), { pause })).toMatchObject({ outcome: 'published' });
    expect(pause).not.toHaveBeenCalled();
  });

  test('while the outcome is unknown the identical append is sent again', async () => {
    const store = new MemoryEventStore();
    const sent: string[][] = [];
    const lossy: PublishOptions['store'] = {
      readStream: store.readStream.bind(store),
      append: async (stream, expected, events) => {
        sent.push(events.map(({ id }) => id));
        const result = await store.append(stream, expected, events);
        if (sent.length % 2 === 1) throw new EventStoreError('UNKNOWN_OUTCOME', 'no answer');
        return result;
      },
    };
    expect(await publish(lossy, largeFile(400))).toMatchObject({ outcome: 'published' });
    expect(sent.length).toBeGreaterThan(2);
    for (let index = 0; index < sent.length; index += 2) expect(sent[index]).toEqual(sent[index + 1]);
    expect((await readCatalogue(store)).state.content).toEqual(contentOf(largeFile(400)));
  });

  test('an own append that the log no longer recognises is found by its ids', async () => {
    const store = new MemoryEventStore();
    let count = 0;
    const forgetful: PublishOptions['store'] = {
      readStream: store.readStream.bind(store),
      append: async (...args) => {
        count += 1;
        if (count === 2) return { outcome: 'conflict', actual: 0 };
        const result = await store.append(...args);
        if (count === 1) throw new EventStoreError('UNKNOWN_OUTCOME', 'no answer');
        return result;
      },
    };
    expect(await publish(forgetful, smallFile())).toMatchObject({ outcome: 'published' });
    expect(await publications(store)).toEqual([1]);
  });

  test('an outcome that stays unknown is the caller’s to know', async () => {
    const store = before(new MemoryEventStore(), () => {
      throw new EventStoreError('UNKNOWN_OUTCOME', 'no answer');
    });
    await expect(publish(store, smallFile())).rejects.toMatchObject({ code: 'UNKNOWN_OUTCOME' });
    // Sent again as often as may be, each time unchanged.
    expect(store.appends).toBe(50);
  });

  test('who always comes second gives up with a clear error', async () => {
    const store = new MemoryEventStore();
    const contended = before(store, async () => {
      await store.append(catalogueStream, 'any', [
        {
          id: crypto.randomUUID(),
          type: 'RoleGroupRetired',
          data: { publication: crypto.randomUUID(), key: 'x' },
          metadata: { recordedAt: new Date(0).toISOString() },
        },
      ]);
    });
    await expect(publish(contended, smallFile(), { pause: async () => {} })).rejects.toMatchObject({
      code: 'CATALOGUE_CONTENTION',
    });
  });

  test('an event of a later release, or an unsound one, is not passed over', async () => {
    for (const [type, data] of [
      ['MoonPhaseDefined', {}],
      ['RoleGroupRetired', { key: 'x' }],
    ] as const) {
      const store = new MemoryEventStore();
      await store.append(catalogueStream, 'any', [{ id: crypto.randomUUID(), type, data, metadata: {} }]);
      await expect(publish(store, smallFile())).rejects.toMatchObject({ code: 'CATALOGUE_UNREADABLE' });
    }
  });
});
