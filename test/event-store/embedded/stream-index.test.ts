import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import fc from 'fast-check';
import { openForReading, openForWriting } from '../../../src/event-store/embedded/database';
import { StreamIndex } from '../../../src/event-store/embedded/stream-index';
import { streamKey } from '../../../src/event-store/embedded/index-delta';
import { collect, newEvent, newEvents, write } from '../contract/controls';
import { EmbeddedControls } from './controls';
import { runs } from '../../scale';

/** Stream index: half in memory, half in a table, at every size of the memory. */
describe('the index of streams', () => {
  const controls = new EmbeddedControls();
  const open: DatabaseSyncInstance[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) database.close();
    await controls.cleanUp();
  });
  const opened = (database: DatabaseSyncInstance): DatabaseSyncInstance => {
    open.push(database);
    return database;
  };

  const INSERT = `INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, 'i', 't', '{}', '{}')`;

  class Log {
    readonly streams = new Map<string, number[]>();
    readonly database: DatabaseSyncInstance;
    readonly index: StreamIndex;

    constructor(
      readonly directory: string,
      readonly maxDelta: number,
    ) {
      this.database = opened(openForWriting(directory));
      this.index = new StreamIndex(this.database, 'write', maxDelta);
    }

    /** One transaction, as the writer has it. */
    append(streams: readonly string[], { fail = false } = {}): void {
      this.database.exec('BEGIN IMMEDIATE');
      const written = streams.map((stream) => {
        const { key, last } = this.index.lookUp(stream);
        const position = Number(this.database.prepare(INSERT).run(stream, last + 1).lastInsertRowid);
        this.index.add(key, { stream, revision: last + 1, position });
        return [stream, position] as const;
      });
      this.index.merge();
      if (fail) {
        this.database.exec('ROLLBACK');
        this.index.reset();
        return;
      }
      this.database.exec('COMMIT');
      for (const [stream, position] of written) {
        this.streams.set(stream, [...(this.streams.get(stream) ?? []), position]);
      }
    }

    get mergedUpTo(): number {
      const row = this.database.prepare(`SELECT value FROM meta WHERE key = 'placed'`).get();
      return Number((row as { value: string }).value);
    }
  }

  /** All positions of a stream as table and delta have them. */
  function positionsIn(database: DatabaseSyncInstance, index: StreamIndex, stream: string): number[] {
    const { key, deltaFrom, last } = index.lookUp(stream);
    const merged = database
      .prepare(
        `SELECT p.position FROM place p JOIN events e ON e.position = p.position AND e.stream = ?
         WHERE p.key = ? AND p.revision < ? ORDER BY p.revision`,
      )
      .all(stream, key, deltaFrom) as { position: number }[];
    const found = merged.map(({ position }) => position);
    while (found.length <= last) {
      const more = index.lookUp(stream).forwards(found.length, 3);
      if (more.length === 0) break;
      found.push(...more);
    }
    return found;
  }

  function backwardsIn(index: StreamIndex, stream: string): number[] {
    const { last, deltaFrom } = index.lookUp(stream);
    const found: number[] = [];
    while (last - found.length >= deltaFrom)
      found.push(...index.lookUp(stream).backwards(last - found.length, 3));
    return found;
  }

  it('has what was written, for the writer, for a reader beside it and after a start, whatever fails', () => {
    const step = fc.record({
      streams: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }),
      then: fc.constantFrom('commit', 'commit', 'commit', 'fail', 'start anew'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 60 }), (held, steps) => {
        let log = new Log(controls.newDirectory(), held);
        const beside = opened(openForReading(log.directory));
        const reader = new StreamIndex(beside, 'read', held);
        /** A reader scans for the first streams that it is asked for. */
        const checkFirstLookUps = (): void => {
          for (const n of Array(4).keys()) {
            const stream = `rolebook.role-a.${n}`;
            const first = new StreamIndex(beside, 'read', held);
            expect(positionsIn(beside, first, stream)).toEqual(log.streams.get(stream) ?? []);
          }
        };
        const check = (database: DatabaseSyncInstance, index: StreamIndex): void => {
          for (const n of Array(14).keys()) {
            const stream = `rolebook.role-a.${n}`;
            const expected = log.streams.get(stream) ?? [];
            expect(index.lookUp(stream).last).toBe(expected.length - 1);
            expect(positionsIn(database, index, stream)).toEqual(expected);
            const backwards = backwardsIn(index, stream);
            expect(backwards).toEqual(expected.toReversed().slice(0, backwards.length));
          }
        };
        for (const { streams, then } of steps) {
          log.append(
            streams.map((n) => `rolebook.role-a.${n}`),
            { fail: then === 'fail' },
          );
          if (then === 'start anew') {
            const written = log.streams;
            log = new Log(log.directory, held);
            for (const [stream, positions] of written) log.streams.set(stream, positions);
          }
          check(beside, reader);
        }
        checkFirstLookUps();
        check(log.database, log.index);
        for (const database of open.splice(0)) database.close();
      }),
      runs(60),
    );
  });

  it('is merged into the table once the delta is full, a part with each commit', () => {
    const log = new Log(controls.newDirectory(), 100);
    for (let n = 0; n < 400; n += 1) log.append([`rolebook.user-a.${n}`]);
    expect(log.mergedUpTo).toBeGreaterThanOrEqual(200);
    expect(log.mergedUpTo).toBeLessThan(400);
    const rows = log.database
      .prepare('SELECT count(*) AS n FROM place WHERE position <= ?')
      .get(log.mergedUpTo);
    expect(rows).toEqual({ n: log.mergedUpTo });
  });

  it('tells streams apart that share a key', () => {
    const log = new Log(controls.newDirectory(), 1);
    log.append(['rolebook.user-a.one', 'rolebook.user-a.other']);
    for (let n = 0; n < 200; n += 1) log.append([`rolebook.user-a.${n}`]);
    const key = streamKey('rolebook.user-a.one');
    log.database.prepare('UPDATE place SET key = ? WHERE position = 2').run(key);
    log.database.prepare(`UPDATE events SET stream = 'rolebook.user-a.unlucky' WHERE position = 2`).run();
    expect(positionsIn(log.database, log.index, 'rolebook.user-a.one')).toEqual([1]);
  });

  it('is made for a log of format 1, which nothing else was changed in; who only reads is told to wait', async () => {
    const directory = controls.newDirectory();
    const before = await controls.open(directory);
    const streams = Array.from({ length: 50 }, (_, n) => `rolebook.user-a.${n}`);
    for (const stream of streams) await write(before, stream, newEvents(3));
    const events = await collect(before.readAll());
    await before.close();
    controls.tamper(directory, (database) =>
      database.exec(`DROP TABLE place; DELETE FROM meta WHERE key = 'placed'; PRAGMA user_version = 1;
        CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)`),
    );
    await expect(controls.open(directory, true)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const after = await controls.open(directory);
    expect(await collect(after.readAll())).toEqual(events);
    for (const stream of streams) {
      expect(await collect(after.readStream(stream))).toEqual(
        events.filter((each) => each.stream === stream),
      );
      expect(await after.append(stream, 2, [newEvent()])).toMatchObject({ revision: 3 });
    }
  });
});
