import { writeSchemaOf } from '../../../src/event-store/decorators/write-schema';
import type { LogReader } from '../../../src/event-store/port/event-store';
import { writableSchema, WRITES_SCHEMA } from '../../../src/domain/schema-versions';

/** A log whose readers say what a test wants; it counts how often it was asked. */
function following(schema: number | null) {
  const log = {
    schema,
    asked: 0,
    lowestReader: async (): Promise<LogReader | null> => {
      log.asked += 1;
      return log.schema === null ? null : { schema: log.schema, process: 'web-1:7' };
    },
  };
  return log;
}

test('the setting decides; else the lowest reader, and never more than this program writes', () => {
  expect(writableSchema({ setting: 5, lowestReader: 1 })).toBe(5);
  expect(writableSchema({ setting: null, lowestReader: 0 })).toBe(0);
  expect(writableSchema({ setting: null, lowestReader: WRITES_SCHEMA + 3 })).toBe(WRITES_SCHEMA);
  expect(writableSchema({ setting: null, lowestReader: null })).toBe(WRITES_SCHEMA);
});

test('a log of one process is asked nothing: it writes what it can', async () => {
  expect(await writeSchemaOf({})(9)).toBe(WRITES_SCHEMA);
});

test('by the setting no reader is asked', async () => {
  const log = following(1);
  expect(await writeSchemaOf(log, { setting: 2 })(2)).toBe(2);
  expect(log.asked).toBe(0);
});

test('many at once ask once; a refusal is asked again after a second, and told once a minute', async () => {
  const log = following(0);
  const told: unknown[] = [];
  let now = 0;
  const writable = writeSchemaOf(log, { now: () => now, onHeld: (...held) => void told.push(held) });
  expect(await Promise.all([1, 1, 1].map(writable))).toEqual([0, 0, 0]);
  now += 999;
  expect([await writable(1), log.asked]).toEqual([0, 1]);
  now += 1;
  expect([await writable(1), log.asked]).toEqual([0, 2]);
  expect(told).toEqual([[1, { schema: 0, process: 'web-1:7' }]]);
  now += 60_000;
  await writable(1);
  expect(told).toHaveLength(2);
});

test('what is allowed is allowed for ten seconds, in which nobody is asked', async () => {
  const log = following(null);
  let now = 0;
  const writable = writeSchemaOf(log, { now: () => now });
  expect(await writable(1)).toBe(WRITES_SCHEMA);
  log.schema = 0;
  now += 9_999;
  expect([await writable(1), log.asked]).toEqual([WRITES_SCHEMA, 1]);
  now += 1;
  expect([await writable(1), log.asked]).toEqual([0, 2]);
});

test('readers that cannot be asked fail the write, and the next one asks again', async () => {
  const log = following(1);
  const failing = {
    lowestReader: jest.fn().mockRejectedValueOnce(new Error('away')).mockImplementation(log.lowestReader),
  };
  const writable = writeSchemaOf(failing);
  await expect(writable(1)).rejects.toThrow('away');
  expect(await writable(1)).toBe(1);
});
