import { KEY_BYTES, Segment } from '../../src/keys/segment';
import { openSegment, sealSegment } from '../../src/keys/sealed-segment';
import type { StoredSegment } from '../../src/keys/port/segment-store';
import { exploreKeys } from './key-book/exploration';
import { keyRaceNamed } from './key-book/scenarios';
import type { KeyRace } from './key-book/start';
import type { Appending } from './race';
import { ALL_MASTERS, COPY, MAIN, onShelves, type SegmentCall, type Shelving } from './shelves';

/** Stores that break their word, one each, and the rule of the key book that notices. */

/** Says that it has done it. */
const unwritten =
  (method: SegmentCall['method']): Shelving =>
  (shelves, call) =>
    call.method === method
      ? Promise.resolve({ shelves, answer: { found: [], kept: true, conflicts: [] } })
      : onShelves(shelves, call);

/** Does not look at the revision that is to be replaced. */
const heedless: Shelving = (shelves, call) => {
  if (call.method !== 'replace') return onShelves(shelves, call);
  const shelf = shelves.get(call.book);
  const replacements = call.replacements.map((each) => ({
    ...each,
    expected: shelf?.get(each.id)?.revision ?? each.expected,
  }));
  return onShelves(shelves, { ...call, replacements });
};

/** Keeps the first segment of an id, and says that it is each one’s own. */
const agreeable: Shelving = async (shelves, call) => {
  const { shelves: after, answer } = await onShelves(shelves, call);
  return { shelves: after, answer: call.method === 'create' ? { ...answer, kept: true } : answer };
};

/** Puts a new segment into the place of one that is there. */
const overwriting: Shelving = (shelves, call) => {
  if (call.method !== 'create') return onShelves(shelves, call);
  const shelf = new Map(shelves.get(call.book));
  shelf.delete(call.segment.id);
  return onShelves(new Map(shelves).set(call.book, shelf), call);
};

/** Changes a slot of each segment of a book that is replaced. */
const altering =
  (book: string, slot: number, alter: (key: Buffer) => unknown): Shelving =>
  async (shelves, call) => {
    const done = await onShelves(shelves, call);
    if (call.method !== 'replace' || call.book !== book) return done;
    const altered = [...(done.shelves.get(book) ?? [])].map(([id, stored]): [string, StoredSegment] => {
      if (!call.replacements.some((each) => each.id === id)) return [id, stored];
      const bytes = Buffer.from(openSegment(stored, ALL_MASTERS).bytes());
      alter(bytes.subarray(slot * KEY_BYTES, (slot + 1) * KEY_BYTES));
      const segment = new Segment(id, stored.account, bytes);
      return [id, { ...stored, blob: sealSegment(segment, ALL_MASTERS.find(book === MAIN ? 'm2' : 'c1')!) }];
    });
    return { ...done, shelves: new Map(done.shelves).set(book, new Map(altered)) };
  };
const other = (key: Buffer): unknown => key.fill(7);
const erased = (key: Buffer): unknown => key.fill(0);

const claimless: Appending = (log, call) =>
  call.events[0]?.type === 'Claimed'
    ? { log, result: { outcome: 'appended', revision: 0, position: log.events.at(-1)?.position ?? 1n } }
    : log.append(call);

/** The slot of the secret, and that of bob, whom nobody erases here. */
const [SECRET, BOB] = [0, 3];
const ROTATION = 'a user is erased during a rotation';

test.each([
  [
    'erasures that are not written',
    'two replicas erase one user',
    { shelve: unwritten('replace') },
    'though that was acknowledged',
  ],
  ['a rotation over an erasure', ROTATION, { shelve: heedless }, 'though that was acknowledged'],
  [
    'rotations that are not written',
    'two rotations',
    { shelve: unwritten('replace') },
    'is sealed by the old master key',
  ],
  [
    'segments that are not written',
    'two replicas register users',
    { shelve: unwritten('create') },
    'is missing',
  ],
  [
    'segments of two processes',
    'two replicas register users',
    { shelve: agreeable, drawAlike: true },
    'share the key',
  ],
  [
    'two first segments, the earlier one kept',
    'two processes open an account',
    { shelve: agreeable },
    'with another key than the book has',
  ],
  [
    'two first segments, the later one kept',
    'two processes open an account',
    { shelve: overwriting },
    'with another key than the book has',
  ],
  [
    'keys that are given out twice',
    'two processes take keys',
    { shelve: agreeable, drawAlike: true },
    'was given out twice',
  ],
  [
    'a secret that changes',
    ROTATION,
    { shelve: altering(MAIN, SECRET, other) },
    'the secret of acme is another one',
  ],
  ['a key that changes', ROTATION, { shelve: altering(MAIN, BOB, other) }, 'cannot be decrypted'],
  [
    'a key that is erased with another',
    ROTATION,
    { shelve: altering(MAIN, BOB, erased) },
    'the key of bob is erased',
  ],
  [
    'a copy with other keys',
    'a user is erased during a copy',
    { shelve: altering(COPY, BOB, other) },
    'different keys',
  ],
  [
    'usernames without claims',
    'a user is erased and released, and two want the username',
    { append: claimless },
    'bear one username',
  ],
] as [string, string, Partial<KeyRace>, string][])(
  'the rules notice: %s',
  async (_name, race, broken, fault) => {
    await expect(exploreKeys({ ...keyRaceNamed(race), ...broken })).rejects.toThrow(fault);
  },
);
