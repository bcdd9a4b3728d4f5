import { DatabaseSync } from '@photostructure/sqlite';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../src/event-store/embedded';
import { eventStoreContract } from '../contract';
import { collect, failureOf, idsOf, newEvent, newEvents, newStream, write } from '../contract/controls';
import { EmbeddedControls } from './controls';

eventStoreContract('the embedded store', () => new EmbeddedControls().openForContract());

describe('the embedded store', () => {
  const controls = new EmbeddedControls();
  afterEach(() => controls.cleanUp());

  it('of a new folder is an empty log with an identity of its own', async () => {
    const [one, other] = [
      await controls.open(join(controls.newDirectory(), 'not', 'there')),
      await controls.open(),
    ];
    expect(await one.head()).toBeNull();
    expect(await collect(one.readAll())).toEqual([]);
    expect(await one.identity()).not.toBe(await other.identity());
  });

  it('takes another line while it is empty, and keeps it', async () => {
    const directory = controls.newDirectory();
    const store = await controls.open(directory);
    expect(await store.line()).not.toBe(await store.identity());
    expect(await store.takeLine('another')).toBe(true);
    expect(await store.takeLine('and again')).toBe(true);
    await write(store, newStream(), newEvents(1));
    await store.close();
    const again = await controls.open(directory);
    expect(await again.line()).toBe('and again');
    expect(await again.takeLine('too late')).toBe(false);
    const reader = await openEmbeddedStore({ directory, readOnly: true });
    expect(await reader.line()).toBe('and again');
    expect(await failureOf(reader.takeLine('and again'))).toBe('DENIED');
    await reader.close();
  });

  it('is of the format that its maker asked for, whoever opens it, and takes another while it is empty', async () => {
    const directory = controls.newDirectory();
    const made = await openEmbeddedStore({ directory, formatOfNew: 2 });
    expect(await made.format()).toBe(2);
    expect(await made.takeFormat(1, null)).toBe(true);
    const origin = { identity: 'former', events: 7, digest: 'd', newUserIds: false };
    expect(await made.takeFormat(2, origin)).toBe(true);
    await write(made, newStream(), newEvents(1));
    await made.close();
    const again = await openEmbeddedStore({ directory, formatOfNew: 1 });
    expect([await again.format(), await again.takeFormat(1, null)]).toEqual([2, false]);
    expect(await again.origin()).toEqual(origin);
    const reader = await openEmbeddedStore({ directory, readOnly: true });
    expect(await reader.format()).toBe(2);
    expect(await failureOf(reader.takeFormat(2, null))).toBe('DENIED');
    await reader.close();
    await again.close();
  });

  it.each([
    ['that was made before there were formats is of format 1', 'DELETE FROM meta WHERE', '1'],
    [
      'of a format that is not known is not taken for one that is',
      "UPDATE meta SET value = '3' WHERE",
      'CORRUPT',
    ],
  ])('%s', async (_, change, expected) => {
    const directory = controls.newDirectory();
    await (await openEmbeddedStore({ directory, formatOfNew: 2 })).close();
    const database = new DatabaseSync(join(directory, 'log.sqlite'));
    database.exec(`${change} key = 'format'`);
    database.close();
    const store = await openEmbeddedStore({ directory, formatOfNew: 2 });
    const format = store.format();
    expect(await format.then(String, (error: { code: string }) => error.code)).toBe(expected);
    await store.close();
  });

  it('that was made before there were lines has its identity for one, and takes another while it is empty', async () => {
    const directory = controls.newDirectory();
    await (await controls.open(directory)).close();
    const database = new DatabaseSync(join(directory, 'log.sqlite'));
    database.exec(`DELETE FROM meta WHERE key = 'line'`);
    database.close();
    const store = await controls.open(directory);
    expect(await store.line()).toBe(await store.identity());
    expect(await store.takeLine('another')).toBe(true);
    expect(await store.line()).toBe('another');
  });

  it('tells a subscriber of an empty log so, and says it again after every burst', async () => {
    const store = await controls.open();
    const stop = new AbortController();
    const told: string[] = [];
    for await (const item of store.subscribe({ signal: stop.signal })) {
      told.push(item.kind === 'event' ? `event ${item.event.revision}` : `caught up at ${item.position}`);
      if (told.length === 1) await write(store, newStream(), newEvents(2));
      if (told.length === 4) await write(store, 'rolebook.heartbeat', [newEvent()]);
      if (told.length === 5) stop.abort();
    }
    expect(told).toEqual(['caught up at null', 'event 0', 'event 1', 'caught up at 2', 'caught up at 3']);
  });

  it('shares one commit among the appends that wait together, and decides each on its own', async () => {
    const store = await controls.open();
    const stream = newStream();
    const rivals = [1, 2, 3].map(() => store.append(stream, 'no-stream', newEvents(1)));
    const others = Array.from({ length: 100 }, () => store.append(newStream(), 'no-stream', newEvents(1)));
    const results = await Promise.all([...rivals, ...others]);
    expect(store.commits).toBe(1);
    expect(results.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(2);
    expect(await collect(store.readAll())).toHaveLength(101);
  });

  it('commits many appends in several parts, so that none holds up the process', async () => {
    const store = await controls.open();
    await Promise.all(
      Array.from({ length: 1_250 }, () => store.append(newStream(), 'no-stream', [newEvent()])),
    );
    expect(store.commits).toBe(3);
  });

  it('fails the appends of a commit that cannot be written, keeps nothing of it, and goes on', async () => {
    const directory = controls.newDirectory();
    const store = await controls.open(directory);
    const stream = newStream();
    await write(store, stream, newEvents(1));
    controls.tamper(directory, (database) =>
      database.exec(`CREATE TRIGGER full BEFORE INSERT ON events WHEN new.type = 'TooMuch'
        BEGIN SELECT RAISE(ABORT, 'disk is full'); END`),
    );
    const attempts = [
      store.append(stream, 0, newEvents(2)),
      store.append(newStream(), 'any', [newEvent({}, 'TooMuch')]),
    ];
    expect(await Promise.all(attempts.map(failureOf))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(await store.append(stream, 0, newEvents(1))).toMatchObject({ outcome: 'appended', revision: 1 });
    expect(await collect(store.readAll())).toHaveLength(2);
  });

  it('sees what another wrote past the lock, and does not give its revision once more', async () => {
    const directory = controls.newDirectory();
    const store = await controls.open(directory);
    const stream = newStream();
    await write(store, stream, newEvents(1));
    controls.tamper(directory, (database) =>
      database.exec(`INSERT INTO events (stream, revision, id, type, data, metadata)
        SELECT stream, 1, 'another', type, data, metadata FROM events`),
    );
    expect(await store.append(stream, 0, newEvents(1))).toEqual({ outcome: 'conflict', actual: 1 });
    expect(await store.append(stream, 1, newEvents(1))).toMatchObject({ outcome: 'appended', revision: 2 });
  });

  it('answers a repeat from the file when it no longer remembers the stream', async () => {
    const directory = controls.newDirectory();
    const events = newEvents(2);
    const stream = newStream();
    const before = await controls.open(directory);
    const first = await write(before, stream, events);
    await before.close();
    expect(await (await controls.open(directory)).append(stream, 'any', events)).toEqual(first);
  });

  it('writes again, with any revision, what no longer ends its stream', async () => {
    const store = await controls.open();
    const stream = newStream();
    const events = newEvents(2);
    await write(store, stream, events);
    await write(store, stream, newEvents(1));
    expect(await store.append(stream, 'any', events)).toMatchObject({ revision: 4 });
  });

  it('opened a second time to write is refused, until the first is closed', async () => {
    const directory = controls.newDirectory();
    const first = await controls.open(directory);
    expect(await failureOf(openEmbeddedStore({ directory }))).toBe('LOCKED');
    await first.close();
    expect(await failureOf(controls.open(directory))).toBe('none');
  });

  it('opened to read beside the writer reads and follows it, and refuses appends', async () => {
    const directory = controls.newDirectory();
    const writer = await controls.open(directory);
    const stream = newStream();
    const past = newEvents(2);
    await write(writer, stream, past);
    const reader = await controls.open(directory, true);
    expect(await reader.identity()).toBe(await writer.identity());
    expect(await reader.head()).toMatchObject({ stream, revision: 1 });
    expect(await failureOf(reader.append(stream, 'any', [newEvent()]))).toBe('DENIED');
    const live = newEvents(3);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const item of reader.subscribe({ signal: stop.signal })) {
      if (item.kind === 'event') seen.push(item.event.id);
      if (item.kind === 'caught-up' && seen.length === 2) await write(writer, stream, live);
      if (seen.length === 5) stop.abort();
    }
    expect(seen).toEqual(idsOf([...past, ...live]));
  });

  it('opened to read where there is no log says so, and makes none', async () => {
    const directory = controls.newDirectory();
    expect(await failureOf(openEmbeddedStore({ directory, readOnly: true }))).toBe('UNAVAILABLE');
    expect(() => readFileSync(join(directory, 'log.sqlite'))).toThrow();
  });

  it.each(['{"cut off', 'null', '[]', '"text"'])('calls an event whose data is %j corrupt', async (data) => {
    const directory = controls.newDirectory();
    const store = await controls.open(directory);
    const stream = newStream();
    await write(store, stream, newEvents(1));
    controls.tamper(directory, (database) => void database.prepare('UPDATE events SET data = ?').run(data));
    expect(await failureOf(collect(store.readStream(stream)))).toBe('CORRUPT');
    expect(await failureOf(collect(store.readAll()))).toBe('CORRUPT');
  });

  it('calls a file that is no log corrupt, as one of a later format, and leaves no lock behind', async () => {
    const garbage = controls.newDirectory();
    writeFileSync(join(garbage, 'log.sqlite'), 'no database at all '.repeat(100));
    expect(await failureOf(openEmbeddedStore({ directory: garbage }))).toBe('CORRUPT');
    const later = controls.newDirectory();
    await (await controls.open(later)).close();
    controls.tamper(later, (database) => database.exec('PRAGMA user_version = 99'));
    expect(await failureOf(openEmbeddedStore({ directory: later }))).toBe('CORRUPT');
    controls.tamper(later, (database) => database.exec('PRAGMA user_version = 2'));
    expect(await failureOf(controls.open(later))).toBe('none');
  });

  it('takes a position beyond its own as one that nothing follows', async () => {
    const store = await controls.open();
    await write(store, newStream(), newEvents(1));
    expect(await collect(store.readAll({ after: 2n ** 64n }))).toEqual([]);
  });
});
