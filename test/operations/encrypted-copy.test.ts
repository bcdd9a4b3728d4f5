import { createHash } from 'node:crypto';
import { encryptedForm } from '../../src/app/sealing';
import { identify } from '../../src/commands/identity';
import { usernameClaims } from '../../src/domain/claim/claim';
import { newerMessage, READS_SCHEMA } from '../../src/domain/schema-versions';
import type { Append, EventStore, JsonObject, RecordedEvent } from '../../src/event-store/port/event-store';
import { catalogueStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { openKeyBook } from '../../src/keys/book/key-book';
import type { KeyBook } from '../../src/keys/port/key-book';
import {
  compareLogs,
  copyLog,
  LogMismatchError,
  UnsoundSourceError,
  type CopyForm,
} from '../../src/operations/log/copy';
import { originOfCopy } from '../../src/operations/log/origin';
import { verifyLog } from '../../src/operations/log/verify';
import { voidEvent } from '../../src/operations/log/void';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { readVoids } from '../../src/repair/voids';
import { erasingKeys } from '../../src/sealing/erase-keys';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { Opener, opening } from '../../src/sealing/opening-store';
import {
  ACCOUNT,
  ask,
  contextOf,
  execute,
  givenOn,
  Log,
  OPERATOR,
  replica,
  storeOf,
  verdict,
  type Ask,
} from '../commands/harness';
import { smallFile } from '../domain/catalogue/fixtures';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments, type Shelf } from '../keys/memory/memory-segments';
import { reasonInClear } from '../sealing/plain';
import { publish } from './publication/support';
import { soundMetadata } from './sound-log';
import { Transfer } from './transfer';

/** The encrypted copy of a log in clear: nothing personal can be read or guessed in it, and all else is the same. */

const quietly = { onProgress: (): void => undefined, pause: () => Promise.resolve() };
const NAME = 'Marguerite Wollstonecraft';
const USERNAME = 'marguerite.w@example.com';
const FORMER = 'm.wollstonecraft@example.com';
const REASON = 'asked for by her manager, ticket 4711';
const KEY = 'register-marguerite';
const register = ask(
  { type: 'registerUser', username: FORMER, name: NAME },
  { idempotencyKey: KEY, reason: REASON },
);
const TEAM = ask({ type: 'createRole', name: 'Team' }, { idempotencyKey: 'team', reason: REASON });

/** A log of format 1, with everything in it that is changed on the way. */
async function inClear(): Promise<Log> {
  const log = await givenOn(new Log(new MemoryEventStore({ formatOfNew: 1 })), register, TEAM);
  const bus = replica(log);
  const { user } = lastOf(log.events, 'UserRegistered').data as { user: string };
  const renamed = ask({ type: 'updateUser', user, username: USERNAME }, { reason: REASON });
  for (const wish of [renamed, ask({ type: 'recordLogin', user, at: new Date(0) }, { reason: REASON })])
    expect(verdict(await execute(bus, wish))).toBe('ok');
  const byOperator = operatorMetadata({ actorId: 'op', requestId: 'r', reason: () => REASON });
  await publish(log.store, smallFile(), { metadata: byOperator });
  // A taker fenced somebody off.
  await write(log.store, userStream(ACCOUNT, user), 'ClaimAbandoned', { claim: usernameClaims(FORMER)[0]! });
  return log;
}

const lastOf = (events: readonly RecordedEvent[], type: string): RecordedEvent =>
  events.filter((event) => event.type === type).at(-1)!;

async function write(store: EventStore, stream: string, type: string, data: JsonObject): Promise<string> {
  const id = `00000000-0000-4000-8000-${String((written += 1)).padStart(12, '0')}`;
  const metadata = { ...soundMetadata(1, 1, id), account: ACCOUNT };
  await store.append(stream, 'any', [{ id, type, data, metadata }]);
  return id;
}
let written = 0;

async function eventsOf(store: EventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of store.readAll()) events.push(event);
  return events;
}

/** An encrypted copy, and its key book. */
class Copy {
  readonly log = new Log();
  readonly shelf: Shelf = new Map();

  constructor(readonly source: EventStore) {}

  get target(): EventStore {
    return this.log.store;
  }

  book(): Promise<KeyBook> {
    return openKeyBook(new MemorySegments(this.shelf), () => masters('m1'));
  }

  private async form(target: EventStore): Promise<CopyForm> {
    const origin = await originOfCopy(this.source, target, { ...quietly, newUserIds: false });
    return encryptedForm({ source: this.source, target, origin }, await this.book());
  }

  /** Each run is a process of its own. */
  async run(target: EventStore = this.target): Promise<{ compared: number; copied: number }> {
    const form = await this.form(target);
    const { compared, copied } = await copyLog(this.source, target, { ...quietly, form });
    return { compared, copied };
  }

  async compare(): Promise<number> {
    const form = await this.form(this.target);
    return compareLogs(this.source, this.target, { ...quietly, form });
  }

  /** The events as a reader gets them. */
  async opened(): Promise<RecordedEvent[]> {
    const opener = new Opener(await this.book());
    return Promise.all((await eventsOf(this.target)).map((event) => opener.open(event)));
  }

  /** Commands on the copy. */
  async bus() {
    const log = new Log();
    const book = await this.book();
    for (const { stream, revision, id, type, data, metadata } of await eventsOf(this.target))
      await log.append(stream, revision === 0 ? 'no-stream' : revision - 1, [{ id, type, data, metadata }]);
    const bus = replica(log, undefined, undefined, {
      sealing: new KeyedSealing(book),
      eraseKeys: erasingKeys(log.store, book),
      isCopy: true,
    });
    return { log, bus, ask: async (wish: Ask) => verdict(await execute(bus, wish)) };
  }
}

async function copied(): Promise<Copy> {
  const copy = new Copy((await inClear()).store);
  await copy.run();
  return copy;
}

test('neither a name, a username, a reason, a key nor any digest of one is in the copy', async () => {
  const copy = await copied();
  const text = JSON.stringify((await eventsOf(copy.target)).map((event) => ({ ...event, position: 0 })));
  const { former } = identify(register.command, contextOf(register));
  const guesses = [NAME, USERNAME, FORMER, REASON, KEY].flatMap((secret) => {
    const hash = createHash('sha256').update(secret);
    return [secret, hash.copy().digest('hex'), hash.copy().digest('base64url'), hash.digest('base64')];
  });
  guesses.push(...Object.values(former), ...[USERNAME, FORMER].flatMap(usernameClaims));
  const source = JSON.stringify((await eventsOf(copy.source)).map((event) => ({ ...event, position: 0 })));
  // The source has most of it, so that it could be found.
  expect(guesses.filter((guess) => source.includes(guess.slice(0, 12))).length).toBeGreaterThan(6);
  expect(guesses.filter((guess) => text.includes(guess.slice(0, 12)))).toEqual([]);
});

test('order, times, facts and ids of what events are about stay, and every event is sound', async () => {
  const copy = await copied();
  expect((await verifyLog(copy.target, quietly.onProgress)).faults).toEqual([]);
  expect([await copy.target.format(), await copy.target.line()]).toEqual([2, await copy.source.line()]);
  const kept = ({ type, revision, position, data, metadata }: RecordedEvent) => {
    const { claims: _claims, claim: _claim, ...facts } = data;
    const { commandId: _id, inputHash: _hash, schemaVersion: _version, ...rest } = metadata;
    return { type, revision, position, facts, rest };
  };
  expect((await copy.opened()).map(kept)).toEqual((await eventsOf(copy.source)).map(kept));
});

test('the copy says of which log it is, and what that log was', async () => {
  const copy = await copied();
  const { events, digest } = await verifyLog(copy.source, quietly.onProgress);
  const origin = { identity: await copy.source.identity(), events, digest, newUserIds: false };
  expect(await copy.target.origin()).toEqual(origin);
  // A copy of the copy says the same.
  const third = new MemoryEventStore();
  await copyLog(copy.target, third, quietly);
  expect([await third.format(), await third.origin()]).toEqual([2, origin]);
});

test('interrupted after any append it is taken up again by another process, and ends equal', async () => {
  const source = (await inClear()).store;
  const { length } = await eventsOf(source);
  for (let appends = 0; ; appends += 1) {
    const copy = new Copy(source);
    let left = appends;
    const dying: EventStore = {
      ...storeOf(copy.target),
      readAll: (options) => copy.target.readAll(options),
      takeLine: (line) => copy.target.takeLine(line),
      takeFormat: (...args) => copy.target.takeFormat(...args),
      origin: () => copy.target.origin(),
      async *appendInOrder(given: AsyncIterable<Append>) {
        for await (const append of given) {
          if (left-- === 0) throw new Error('died');
          yield copy.target.append(append.stream, append.expected, append.events);
        }
      },
    };
    const done = await copy.run(dying).then(
      () => true,
      () => false,
    );
    const { compared, copied } = await copy.run();
    expect(compared + copied).toBe(length);
    expect(await copy.compare()).toBe(length);
    if (done) break;
  }
});

test('a command of before is recognised under its key, and its key serves no other', async () => {
  const copy = await copied();
  const { log, ask: asked } = await copy.bus();
  const before = log.events.length;
  expect([await asked(register), await asked(TEAM), log.events.length]).toEqual(['ok', 'ok', before]);
  const other = ask({ type: 'createRole', name: 'Other' }, { idempotencyKey: 'team' });
  expect(await asked(other)).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a username is borne once across the copy, and free where it was given up', async () => {
  const { ask: asked } = await (await copied()).bus();
  const named = (username: string) => ask({ type: 'registerUser', username, name: 'Another' });
  expect(await asked(named(USERNAME.toUpperCase()))).toBe('USERNAME_TAKEN');
  expect(await asked(named('ann'))).toBe('USERNAME_TAKEN');
  expect(await asked(named(FORMER))).toBe('ok');
  expect(await asked(named(FORMER))).toBe('USERNAME_TAKEN');
});

test('a user of before can be erased: nothing of the stream can be read', async () => {
  const copy = await copied();
  const { log, ask: asked } = await copy.bus();
  const { user } = log.events.find(({ type }) => type === 'UserProfileChanged')!.data as { user: string };
  expect(await asked(ask({ type: 'eraseUser', user }))).toBe('ok');
  const opener = new Opener(await copy.book());
  const opened = await Promise.all(log.events.map((event) => opener.open(event)));
  const own = opened.filter(({ stream }) => stream === userStream(ACCOUNT, user));
  expect(own.length).toBeGreaterThan(4);
  const text = JSON.stringify(own.map((event) => ({ ...event, position: 0 })));
  for (const secret of [NAME, USERNAME, FORMER, REASON]) expect(text).not.toContain(secret);
  // The reason of the role is the account's.
  expect(lastOf(opened, 'RoleCreated').metadata['reason']).toBe(REASON);
  // Nothing is made of a key that is gone.
  await expect(copy.run()).rejects.toMatchObject({ code: 'KEY_BOOK_MISMATCH' });
});

test('a void event is void in the copy, and what stands in it cannot be read', async () => {
  const { store, events } = await inClear();
  const { user } = lastOf(events, 'UserRegistered').data as { user: string };
  const unsound = [
    await write(store, userStream(ACCOUNT, user), 'UserRegistered', { user, username: 7, note: NAME }),
    await write(store, roleStream(ACCOUNT, 'r'), 'RoleCreated', { role: 'r', note: NAME }),
    await write(store, catalogueStream, 'RoleGroupDefined', { key: 7, name: NAME }),
  ];
  await expect(new Copy(store).run()).rejects.toThrow(UnsoundSourceError);
  for (const event of unsound)
    await voidEvent(
      { store, readable: store, directory: '', recordedReason: reasonInClear },
      { event, reason: REASON, actor: OPERATOR },
    );
  const copy = new Copy(store);
  await copy.run();
  expect(await copy.compare()).toBe((await eventsOf(store)).length);
  expect(await verifyLog(copy.target, quietly.onProgress)).toMatchObject({ faults: [], voided: 3 });
  expect((await readVoids(copy.target)).all).toHaveLength(3);
  // The reasons of the declarations are encrypted too, and those who have the key book read them.
  expect(
    JSON.stringify((await eventsOf(copy.target)).map(({ data, metadata }) => [data, metadata])),
  ).not.toContain(REASON);
  const opened = opening(copy.target, new Opener(await copy.book()));
  expect((await readVoids(opened)).all.map(({ reason }) => reason)).toEqual([REASON, REASON, REASON]);
  const voided = (await copy.opened()).filter(({ metadata }) => !metadata['command']);
  expect(voided.map(({ type }) => type)).toEqual(['UserRegistered', 'RoleCreated', 'RoleGroupDefined']);
  expect(JSON.stringify(voided.map((event) => ({ ...event, position: 0 })))).not.toContain(NAME);
});

test('a log that is encrypted, one that is newer, and a target of another log are refused', async () => {
  const copy = await copied();
  const again = new Copy(copy.target);
  await expect(again.run()).rejects.toThrow('The source is encrypted already: copy it without --encrypt.');
  const other = new Copy((await inClear()).store);
  await expect(other.run(copy.target)).rejects.toThrow('The target is the encrypted copy of another log.');
  const inUse = new MemoryEventStore({ formatOfNew: 1 });
  await write(inUse, roleStream(ACCOUNT, 'r'), 'RoleCreated', { role: 'r', name: 'R', description: '' });
  await expect(other.run(inUse)).rejects.toThrow(LogMismatchError);
  const newer = new MemoryEventStore({ formatOfNew: 1 });
  await newer.append(roleStream(ACCOUNT, 'r'), 'any', [
    {
      id: '00000000-0000-4000-8000-999999999999',
      type: 'RolePainted',
      data: { name: NAME },
      metadata: { ...soundMetadata(1, 1, 'c'), schemaVersion: String(READS_SCHEMA + 1) },
    },
  ]);
  await expect(new Copy(newer).run()).rejects.toThrow(newerMessage(READS_SCHEMA + 1));
});

test('a nightly file finds everyone of before under the id of before, and registers nobody twice', async () => {
  const before = new Transfer(1);
  await before.open();
  await before.account('acme');
  const file = 'username,name,id,status\nann,Ann,,\nbob,Bob,,INACTIVE\ncat,Cat,cat,\n';
  expect(await before.users('acme', file)).toMatchObject({ written: 3 });
  const copy = new Copy(before.store);
  await copy.run();
  const after = new Transfer(2, { store: copy.target, shelf: copy.shelf });
  await after.open();
  expect(await after.exportedUsers('acme')).toBe(await before.exportedUsers('acme'));
  const events = await after.events();
  expect(await after.users('acme', file)).toEqual({ written: 0, unchanged: 3, refused: 0 });
  expect(await after.events()).toBe(events);
  const changed = `${file}dan,Dan,,\nann,Annette,,\nBOB,Bob,,ACTIVE\n`;
  expect(await after.users('acme', changed)).toMatchObject({ refused: 2, unchanged: 3, written: 1 });
  expect(after.refusedLines).toEqual([6, 7]);
  expect((await after.exportedUsers('acme')).trim().split('\n')).toHaveLength(5);
  await before.close();
  await after.close();
});
