import { copyKeyBook } from '../../../src/keys/book/copy';
import { openKeyBook } from '../../../src/keys/book/key-book';
import { projectedLog } from '../../../src/app/sealing';
import type { KeyBook } from '../../../src/keys/port/key-book';
import type { JsonObject } from '../../../src/event-store/port/event-store';
import { parseStream } from '../../../src/event-store/port/streams';
import { keysIn } from '../../../src/sealing/keys-in';
import { Opener } from '../../../src/sealing/opening-store';
import { ACCOUNT, ask, execute, storeOf, verdict } from '../../commands/harness';
import { hexOf, lookUp, masters } from '../../keys/contract/controls';
import { MemorySegments, type Shelf } from '../../keys/memory/memory-segments';
import { readBook } from '../book';
import { OpenLog, type SharedLog } from '../shared-log';
import { ALL_MASTERS, COPY, MAIN, segmentText, type Shelves } from '../shelves';
import { busOn } from './start';

/** Rules of log and key books wherever all processes have ended. Each returns faults, none when all is well. */

/** Log and key books at an end; what is tried out is tried on copies. */
export interface Standing {
  readonly log: SharedLog;
  readonly shelves: Shelves;
}

const shelfOf = ({ shelves }: Standing, name: string): Shelf => new Map(shelves.get(name));
const bookOn = (shelf: Shelf, masterKeys = ALL_MASTERS): Promise<KeyBook> =>
  openKeyBook(new MemorySegments(shelf), () => masterKeys, { now: () => 0 });

interface Users {
  /** Keys that the stream of each user names. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly erased: ReadonlySet<string>;
}

function usersOf({ log }: Standing): Users {
  const keys = new Map<string, Set<string>>();
  const erased = new Set<string>();
  for (const event of log.events) {
    const owner = parseStream(event.stream);
    if (owner?.category !== 'user' || !owner.id) continue;
    const known = keys.get(owner.id) ?? new Set();
    keys.set(owner.id, known);
    for (const key of keysIn(event)) known.add(key);
    if (event.type === 'UserErased') erased.add(owner.id);
  }
  return { keys, erased };
}

/** Rules that rest on log and key books alone. `before`: how they were at the start. */
export async function standingFaults(now: Standing, before: Standing): Promise<string[]> {
  const users = usersOf(now);
  const book = await bookOn(shelfOf(now, MAIN));
  const { damaged } = await book.status();
  const found = [
    ...damaged.map((id) => `the segment ${id} cannot be opened`),
    ...(await secretFaults(now, before)),
    ...(await lostKeys(book, now, users)),
    ...sharedKeys(users),
    ...(await doubledKeys(now)),
    ...bearers(now),
  ];
  if (found.length > 0) return found;
  return [
    ...(await unlessProjected(now, users)),
    ...(await unlessRepeated(now, users)),
    ...(await unlessRotated(now)),
    ...(await unlessCopied(now, users)),
  ];
}

async function secretFaults(now: Standing, before: Standing): Promise<string[]> {
  const found: string[] = [];
  for (const account of new Set([...shelfOf(before, MAIN).values()].map((segment) => segment.account))) {
    const [then, today] = await Promise.all(
      [before, now].map(async (each) => (await bookOn(shelfOf(each, MAIN))).accountKeys(account)),
    );
    if (then && today && hexOf(then.secret) !== hexOf(today.secret))
      found.push(`the secret of ${account} is another one`);
  }
  return found;
}

/** Users who are not erased: their keys are found, and open what they sealed. */
async function lostKeys(book: KeyBook, { log }: Standing, { keys, erased }: Users): Promise<string[]> {
  const found: string[] = [];
  for (const [user, ids] of keys) {
    if (erased.has(user)) continue;
    for (const id of ids) {
      const { state } = await book.find(ACCOUNT, id);
      if (state !== 'found') found.push(`the key of ${user} is ${state}`);
    }
  }
  const opener = new Opener(book, {
    onUnreadable: ({ stream }) => found.push(`${stream} cannot be decrypted`),
  });
  for (const event of log.events) await opener.open(event);
  return found;
}

function sharedKeys({ keys }: Users): string[] {
  const owners = new Map<string, string>();
  const found: string[] = [];
  for (const [user, ids] of keys) {
    for (const id of ids) {
      const other = owners.get(id);
      if (other !== undefined) found.push(`${user} and ${other} share the key ${id}`);
      owners.set(id, user);
    }
  }
  return found;
}

/** Keys of all slots, given out or not, by their bytes: of the log's own book, with the accounts' secrets. */
async function keysOf(shelf: Shelf, masterKeys = ALL_MASTERS): Promise<Map<string, string>> {
  const book = await bookOn(shelf, masterKeys);
  const all = new Map<string, string>();
  for (const { id, account } of shelf.values()) {
    for (let slot = 0; ; slot += 1) {
      const key = await lookUp(book, account, `${id}.${slot}`);
      if (key === 'missing') break;
      all.set(`${id}.${slot}`, key);
    }
  }
  return all;
}

async function doubledKeys(now: Standing): Promise<string[]> {
  const keys = [...(await keysOf(shelfOf(now, MAIN))).values()].filter((key) => key !== 'erased');
  return new Set(keys).size === keys.length ? [] : ['two slots hold the same key'];
}

/** Usernames by their claims, which stand for them in an encrypted log. */
function bearers({ log }: Standing): string[] {
  const bearing = new Map<string, string>();
  const { users } = readBook(
    log.events.map((event) => {
      const { claims } = event.data as { readonly claims?: readonly string[] };
      const username = claims?.[0] ?? null;
      if (event.type === 'UserRegistered') return { ...event, data: { ...event.data, username } };
      if (event.type !== 'UserProfileChanged') return event;
      const to: JsonObject = username === null ? {} : { username };
      return { ...event, data: { ...event.data, to } };
    }),
  );
  const found: string[] = [];
  for (const [id, { username, released }] of users) {
    const other = bearing.get(username);
    if (released) continue;
    if (other !== undefined) found.push(`${id} and ${other} bear one username`);
    bearing.set(username, id);
  }
  return found;
}

/** Keys of erased users that are there still. */
async function survivors(shelf: Shelf, { keys, erased }: Users, why: string): Promise<string[]> {
  const book = await bookOn(shelf);
  const found: string[] = [];
  for (const user of erased) {
    for (const id of keys.get(user) ?? []) {
      const { state } = await book.find(ACCOUNT, id);
      if (state !== 'erased') found.push(`the key of ${user}, who was erased, is ${state} ${why}`);
    }
  }
  return found;
}

/** Users whose erasure was acknowledged have no key, without any projector's help. */
export async function acknowledgedFaults(
  now: Standing,
  acknowledged: ReadonlySet<string>,
): Promise<string[]> {
  const { keys } = usersOf(now);
  return survivors(shelfOf(now, MAIN), { keys, erased: acknowledged }, 'though that was acknowledged');
}

/** A projector that meets the erasures destroys what is left, and nothing else. */
async function unlessProjected(now: Standing, users: Users): Promise<string[]> {
  const shelf = shelfOf(now, MAIN);
  const found: string[] = [];
  const open = new OpenLog(now.log);
  const source = {
    ...storeOf(open),
    async *readAll() {
      yield* now.log.events;
    },
  };
  const onUnreadable = ({ stream }: { readonly stream: string }) =>
    found.push(`a projector cannot decrypt ${stream}`);
  const book = await bookOn(shelf);
  for await (const _event of projectedLog(source, book, { onUnreadable }).readAll());
  const after = { ...now, shelves: new Map([[MAIN, shelf]]) };
  return [
    ...found,
    ...(await survivors(shelf, users, 'after a projector passed')),
    ...(await lostKeys(await bookOn(shelf), after, users)),
  ];
}

/** A repeat of each erasure ends well, and destroys what is left. */
async function unlessRepeated(now: Standing, users: Users): Promise<string[]> {
  const shelf = shelfOf(now, MAIN);
  const bus = busOn(new OpenLog(now.log), await bookOn(shelf));
  const found: string[] = [];
  for (const user of users.erased) {
    const said = verdict(await execute(bus, ask({ type: 'eraseUser', user })));
    if (said !== 'ok') found.push(`erasing ${user} again: ${said}`);
  }
  return [...found, ...(await survivors(shelf, users, 'after a repeat'))];
}

/** A rotation completes: all is sealed by the new key, which alone opens the very same keys. */
async function unlessRotated(now: Standing): Promise<string[]> {
  const shelf = shelfOf(now, MAIN);
  const before = await keysOf(shelf);
  const book = await bookOn(shelf);
  await book.rotate();
  const { toRotate } = await book.status();
  if (toRotate > 0) return [`${toRotate} segments are not sealed anew by a rotation`];
  const after = await keysOf(shelf, masters('m2'));
  const same = [...before].every(([id, key]) => after.get(id) === key);
  return same && before.size === after.size ? [] : ['a rotation changed keys'];
}

/** A copy completes, and whoever is erased in the book is erased in it. */
async function unlessCopied(now: Standing, users: Users): Promise<string[]> {
  const [main, copy] = [shelfOf(now, MAIN), shelfOf(now, COPY)];
  await copyKeyBook(
    { store: new MemorySegments(main), masterKeys: () => ALL_MASTERS },
    { store: new MemorySegments(copy), masterKeys: () => masters('c1') },
  );
  const [ours, theirs] = [await keysOf(main), await keysOf(copy)];
  const found = [...ours].filter(([id, key]) => theirs.get(id) !== key && theirs.get(id) !== 'erased');
  const lost = [...users.keys].flatMap(([user, ids]) =>
    users.erased.has(user) ? [] : [...ids].filter((id) => theirs.get(id) !== ours.get(id)),
  );
  return [...found.map(([id]) => `a copy lacks ${id}`), ...lost.map((id) => `a copy lost ${id}`)];
}

/** Segments that another master key than the new one seals. */
export const unsealed = (now: Standing): string[] =>
  [...shelfOf(now, MAIN).values()]
    .filter((segment) => segmentText(segment).split(' ')[2] !== 'm2')
    .map(({ id }) => `after a rotation that ended, ${id} is sealed by the old master key`);

/** Keys and secrets that a process was given: they are what the book has, and nobody else's. */
export async function givenFaults(now: Standing, given: readonly string[]): Promise<string[]> {
  const keys = await keysOf(shelfOf(now, MAIN));
  const named = new Set([...usersOf(now).keys.values()].flatMap((ids) => [...ids]));
  const seen = new Set<string>();
  return given.flatMap((each) => {
    const [id = '', key] = each.split('=');
    const again = seen.has(id) || named.has(id);
    const isSecret = id.endsWith('.0');
    if (!isSecret) seen.add(id);
    return [
      ...(keys.get(id) === key ? [] : [`${id} was given out with another key than the book has`]),
      ...(again && !isSecret ? [`${id} was given out twice`] : []),
    ];
  });
}
