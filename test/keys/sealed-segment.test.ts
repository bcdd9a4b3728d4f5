import { firstSegmentOf, isAccountKey, newSegmentId, parseKeyId } from '../../src/keys/key-id';
import { parseMasterKeys } from '../../src/keys/master-keys';
import { checkOf, isSealedBy, masterKeyIdOf, openSegment, sealSegment } from '../../src/keys/sealed-segment';
import { Segment } from '../../src/keys/segment';
import { bucketOf } from '../../src/keys/stores/eventstoredb/bucket';
import { hexOf, masterLine, masters } from './contract/controls';

const bytes = (first: number): Buffer => Buffer.from(Array.from({ length: 32 }, (_, n) => first + n));

/** Made with another library (`cryptography` of Python): three slots, the second of them erased. */
const GOLDEN = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  account: 'acme',
  blob: Buffer.from(
    '0106676f6c64656eb0aa26d1000102030405060708090a0bb3227976f5151147e4bbd52397c30f5d8d9c2de8f050ce28a2dcc05d209e8e5ef7c804cb85eb356e69578dd3fa65af732fe66c8a25331448c9d236b0f070584739dd28bcc177fb042c6ea7612f46a28e168d846e229fb9c20ffbfb492030ab5229c852fd6ad4e06e8d2b00c391e14885',
    'hex',
  ),
};
const GOLDEN_MASTER = parseMasterKeys(`golden ${bytes(50).toString('hex')}`);

const at = (segment: Segment, slot: number): string | null => {
  const key = segment.key(slot);
  return key === null || key === 'erased' ? key : hexOf(key.key);
};

describe('a sealed segment', () => {
  it('of this form is opened for ever', () => {
    const segment = openSegment(GOLDEN, GOLDEN_MASTER);
    expect([0, 1, 2, 3].map((slot) => at(segment, slot))).toEqual([
      bytes(1).toString('hex'),
      'erased',
      bytes(9).toString('hex'),
      null,
    ]);
    expect(segment.key(2)).toMatchObject({ id: `${GOLDEN.id}.2` });
    expect(segment.erased()).toEqual([{ slot: 1, at: 1_790_000_000_000, sealedBy: checkOf(GOLDEN) }]);
    expect(masterKeyIdOf(GOLDEN)).toBe('golden');
    expect(isSealedBy(GOLDEN, GOLDEN_MASTER.sealing)).toBe(true);
    expect(isSealedBy(GOLDEN, parseMasterKeys(masterLine('golden', 'another')).sealing)).toBe(false);
  });

  it('is another one each time, shows none of its keys and opens to the same', () => {
    const segment = Segment.random(newSegmentId(), 'acme', 256);
    const blobs = [1, 2].map(() => sealSegment(segment, masters('m1').sealing));
    expect(blobs[0]).not.toEqual(blobs[1]);
    expect(blobs[0]).toHaveLength(256 * 32 + 2 + 2 + 4 + 12 + 16);
    for (const blob of blobs) {
      const { id, account } = segment;
      const opened = openSegment({ id, account, blob }, masters('m2', 'm1'));
      for (let slot = 0; slot < 256; slot += 1) {
        expect(at(opened, slot)).toBe(at(segment, slot));
        expect(blob.includes(Buffer.from(at(segment, slot)!, 'hex').subarray(0, 8))).toBe(false);
      }
    }
  });

  it('opens under no other id, and for no other account', () => {
    for (const other of [{ id: newSegmentId() }, { account: 'other' }])
      expect(() => openSegment({ ...GOLDEN, ...other }, GOLDEN_MASTER)).toThrow(
        expect.objectContaining({ code: 'KEY_BOOK_CORRUPT' }),
      );
  });

  it('of which any byte is changed does not open', () => {
    for (let index = 0; index < GOLDEN.blob.length; index += 1) {
      const blob = Buffer.from(GOLDEN.blob);
      blob[index] = blob[index]! ^ 1;
      expect(() => openSegment({ ...GOLDEN, blob }, GOLDEN_MASTER)).toThrow(/key book/);
    }
    for (let length = 0; length < GOLDEN.blob.length; length += 1)
      expect(() => openSegment({ ...GOLDEN, blob: GOLDEN.blob.subarray(0, length) }, GOLDEN_MASTER)).toThrow(
        /key book/,
      );
  });

  it.each([0, 1, 31, 33, 257 * 32])('cannot have %i bytes of keys', (length) => {
    expect(() => new Segment(GOLDEN.id, 'acme', Buffer.alloc(length))).toThrow(RangeError);
  });
});

describe('a segment', () => {
  it('is never changed by an erasure', () => {
    const segment = Segment.random(newSegmentId(), 'acme', 16);
    const key = at(segment, 3);
    const erasure = (slot: number, time = 1_790_000_000_000) => ({
      slot,
      at: time,
      sealedBy: bytes(1).subarray(0, 4),
    });
    const { segment: after, changed } = segment.without([3, 3, 15, 16, 200].map((slot) => erasure(slot)));
    expect([changed, after.erased(), segment.erased(), at(segment, 3)]).toEqual([
      2,
      [erasure(3), erasure(15)],
      [],
      key,
    ]);
    expect(at(after, 3)).toBe('erased');
    // The first erasure is the one that counts.
    expect(after.without([erasure(3, 1_800_000_000_000)])).toEqual({ segment: after, changed: 0 });
    expect([after.agreesWith(segment), segment.agreesWith(after)]).toEqual([true, true]);
    expect(segment.agreesWith(Segment.random(segment.id, 'acme', 16))).toBe(false);
  });
});

describe('names in the key book', () => {
  it('of first segments and of buckets can never change', () => {
    expect(firstSegmentOf('acme')).toBe('cfz9weO79sv_-KQTN_tdbw');
    expect([GOLDEN.id, firstSegmentOf('acme')].map((id) => bucketOf(id))).toEqual([138, 160]);
  });

  it('are read back, and nothing else is', () => {
    const segment = newSegmentId();
    expect(parseKeyId(`${segment}.255`)).toEqual({ segment, slot: 255 });
    expect(parseKeyId(`${segment}.0`)).toEqual({ segment, slot: 0 });
    for (const text of [
      '',
      segment,
      `${segment}.256`,
      `${segment}.01`,
      `${segment}.1.1`,
      `a${segment}.1`,
      `${segment}.1\n`,
    ])
      expect(parseKeyId(text)).toBeNull();
  });

  it('say which keys are an account’s own', () => {
    const segment = firstSegmentOf('acme');
    expect([0, 1, 2].map((slot) => isAccountKey('acme', { segment, slot }))).toEqual([true, true, false]);
    expect(isAccountKey('other', { segment, slot: 0 })).toBe(false);
  });
});
