import { hash } from 'node:crypto';
import { encryptedForm } from '../../src/app/sealing';
import type { EventStore, JsonObject } from '../../src/event-store/port/event-store';
import { accountStream, claimStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { openKeyBook } from '../../src/keys/book/key-book';
import { copyLog } from '../../src/operations/log/copy';
import { originOfCopy } from '../../src/operations/log/origin';
import { sameNamesIn } from '../../src/operations/log/same-names';
import { KeyedSealing } from '../../src/sealing/keyed-sealing';
import { Opener } from '../../src/sealing/opening-store';
import { ACCOUNT, ask, execute, Log, replica, verdict } from '../commands/harness';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { masters } from '../keys/contract/controls';
import { MemorySegments } from '../keys/memory/memory-segments';
import { soundMetadata } from './sound-log';

/** Names of a log of 0.1.0, which told names apart that count as one today. */

/** A log as 0.1.0 wrote it: every name claimed under its own key alone, before it was taken. */
class OldLog {
  readonly store: EventStore = new MemoryEventStore({ formatOfNew: 1 });
  #written = 0;

  async write(stream: string, type: string, data: JsonObject): Promise<void> {
    const id = `00000000-0000-4000-8000-${String((this.#written += 1)).padStart(12, '0')}`;
    const metadata = { ...soundMetadata(1, 1, id), account: ACCOUNT };
    await this.store.append(stream, 'any', [{ id, type, data, metadata }]);
  }

  async claim(kind: 'USERNAME' | 'ROLE_NAME', owner: string, name: string): Promise<void> {
    const folded = name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
    const id = hash('sha256', `${kind}\n${folded}`, 'base64url');
    await this.write(claimStream(ACCOUNT, id), 'Claimed', { kind, owner, users: [] });
  }

  async user(user: string, username: string): Promise<void> {
    await this.claim('USERNAME', user, username);
    await this.write(userStream(ACCOUNT, user), 'UserRegistered', { user, username, name: user });
  }

  async rename(user: string, from: string, to: string): Promise<void> {
    await this.claim('USERNAME', user, to);
    const profile = (username: string) => ({ username, name: user });
    await this.write(userStream(ACCOUNT, user), 'UserProfileChanged', {
      user,
      from: profile(from),
      to: profile(to),
    });
  }

  async role(role: string, name: string): Promise<void> {
    await this.claim('ROLE_NAME', role, name);
    const data = { role, name, description: null, copiedFrom: null };
    await this.write(roleStream(ACCOUNT, role), 'RoleCreated', data);
  }
}

async function withSameNames(): Promise<OldLog> {
  const log = new OldLog();
  await log.write(accountStream(ACCOUNT), 'AccountOpened', { account: ACCOUNT, name: 'Acme' });
  await log.user('old', 'ann');
  await log.user('other', 'bob');
  await log.user('new', 'An\u200bn');
  await log.role('r_first', 'Te\u2060am');
  await log.role('r_second', 'Team\u200b');
  await log.role('r_third', 'Help desk');
  return log;
}

/** The encrypted copy, and commands on it. */
async function copied({ store }: OldLog) {
  const target = new MemoryEventStore();
  const book = await openKeyBook(new MemorySegments(new Map()), () => masters('m1'));
  const quietly = { onProgress: (): void => undefined };
  const origin = await originOfCopy(store, target, { ...quietly, newUserIds: false });
  await copyLog(store, target, { ...quietly, form: encryptedForm({ source: store, target, origin }, book) });
  const log = new Log();
  for await (const { stream, revision, id, type, data, metadata } of target.readAll())
    await log.append(stream, revision === 0 ? 'no-stream' : revision - 1, [{ id, type, data, metadata }]);
  const bus = replica(log, undefined, undefined, { sealing: new KeyedSealing(book), isCopy: true });
  const opener = new Opener(book);
  return {
    log,
    register: async (username: string) =>
      verdict(await execute(bus, ask({ type: 'registerUser', username, name: 'Eve' }))),
    username: async (user: string) => {
      const own = log.events.filter(({ stream }) => stream === userStream(ACCOUNT, user));
      return (await opener.open(own.at(-1)!)).data['username'];
    },
  };
}

test('they are listed by ids, in the order in which they took the name, with who holds the claim on it', async () => {
  const { store } = await withSameNames();
  expect(await sameNamesIn(store)).toEqual([
    { account: ACCOUNT, kind: 'USERNAME', ids: ['old', 'new'], holder: 'old' },
    { account: ACCOUNT, kind: 'ROLE_NAME', ids: ['r_first', 'r_second'], holder: null },
  ]);
});

test('the copy keeps them; nobody else gets the name that the older one claimed', async () => {
  const { register, username } = await copied(await withSameNames());
  expect([await username('old'), await username('new')]).toEqual(['ann', 'An\u200bn']);
  for (const taken of ['ann', 'ANN', 'an\u200bn', 'a\u2060nn'])
    expect([taken, await register(taken)]).toEqual([taken, 'USERNAME_TAKEN']);
  expect(await register('anne')).toBe('ok');
});

test('a name that was given up is not one of them, one that was changed within them keeps its place', async () => {
  const log = await withSameNames();
  await log.rename('old', 'ann', 'ANN\u200d');
  expect(await sameNamesIn(log.store)).toMatchObject([{ ids: ['old', 'new'], holder: null }, {}]);
  await log.rename('new', 'An\u200bn', 'anna');
  await log.write(roleStream(ACCOUNT, 'r_first'), 'RoleDeleted', { role: 'r_first', name: 'Te\u2060am' });
  expect(await sameNamesIn(log.store)).toEqual([]);
});

test('a log without such names is read once', async () => {
  const log = new OldLog();
  await log.user('ann', 'ann');
  await log.user('bob', 'bob');
  let reads = 0;
  const source = {
    readStream: log.store.readStream.bind(log.store),
    readAll: () => {
      reads += 1;
      return log.store.readAll();
    },
  };
  expect(await sameNamesIn(source)).toEqual([]);
  expect(reads).toBe(1);
});
