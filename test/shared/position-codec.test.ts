import fc from 'fast-check';
import { PositionCodec, PositionError, type NamedEvent } from '../../src/shared/position-codec';

const IDS = {
  identity: '5F0C1A2B-9d3e-4f5a-8b6c-7d8e9f0a1b2c',
  line: 'line-e1e9f3a0-4c4d-4b8e-9a55-0d3f3f1c7b21',
};
const OTHER = '11111111-2222-4333-8444-555555555555';

const codec = new PositionCodec(IDS);
/** The same log in another store, as `log copy` makes it. */
const copy = new PositionCodec({ ...IDS, identity: OTHER });
/** A log that was made before there were lines. */
const old = new PositionCodec({ identity: IDS.identity, line: IDS.identity });

const place = fc.record({
  ordinal: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  time: fc.integer({ min: 0, max: 253_402_300_799_999 }),
});
const account = fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/));

const codeOf = (decode: () => unknown): string => {
  try {
    decode();
  } catch (error) {
    if (error instanceof PositionError) return error.code;
    throw error;
  }
  throw new Error('it was taken');
};

function durable(named: NamedEvent): Extract<NamedEvent, { form: 'durable' }> {
  if (named.form !== 'durable') throw new Error(`it is ${named.form}`);
  return named;
}

describe('A durable position', () => {
  test('is read as it was written, by its account, in every copy of the log', () => {
    fc.assert(
      fc.property(place, account, (at, of) => {
        const text = codec.encode(at, of);
        expect(text).toMatch(/^[0-9a-z]{8}\.[0-9a-z]{25}$/);
        for (const each of [codec, copy, new PositionCodec(IDS)]) {
          const { ordinal, fits } = durable(each.decode(text, of));
          expect([ordinal, fits(at)]).toEqual([at.ordinal, true]);
        }
        expect(copy.encode(at, of)).toBe(text);
      }),
    );
  });

  test('does not fit an event of another number or time', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 1_000_000 }), ({ ordinal, time }, ms) => {
        const { fits } = durable(codec.decode(codec.encode({ ordinal, time, position: 7n }, 'acme'), 'acme'));
        expect(fits({ ordinal, time: time + ms })).toBe(false);
        expect(fits({ ordinal: ordinal - 1, time })).toBe(false);
      }),
    );
  });

  test('of an operator is taken for every account; one of an account for no other, nor for operators', () => {
    fc.assert(
      fc.property(place, account, account, (at, of, other) => {
        expect(durable(codec.decode(codec.encode(at, null), of)).ordinal).toBe(at.ordinal);
        if (of === null || of === other) return;
        expect(codeOf(() => codec.decode(codec.encode(at, of), other))).toBe('BAD_USER_INPUT');
      }),
    );
  });

  test('says nothing of how many events there are: neighbours share the line alone', () => {
    const texts = Array.from({ length: 1_000 }, (_, ordinal) =>
      codec.encode({ ordinal, position: 0n, time: 0 }, 'acme'),
    );
    const blocks = texts.map((text) => text.slice(9));
    expect(new Set(texts.map((text) => text.slice(0, 9))).size).toBe(1);
    // Sorted by text they are in no order: as many pairs fall as rise.
    const rises = blocks.filter((block, n) => n > 0 && block > blocks[n - 1]!).length;
    expect(rises).toBeGreaterThan(400);
    expect(rises).toBeLessThan(600);
  });

  test('with any character changed is none', () => {
    const text = codec.encode({ ordinal: 42, position: 0n, time: 1_000 }, 'acme');
    for (let at = 9; at < text.length; at += 1) {
      const other = text[at] === '0' ? '1' : '0';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      expect(codeOf(() => codec.decode(changed, 'acme'))).toBe('BAD_USER_INPUT');
    }
  });
});

describe('A pending position', () => {
  test('is read as it was written, in the store that gave it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), account, (position, of) => {
        const text = codec.encodePending(position, of);
        expect(text).toMatch(/^[0-9a-z]{8}\.~[0-9a-z]{25}$/);
        expect(codec.decode(text, of)).toEqual({ form: 'pending', position });
        expect(codeOf(() => copy.decode(text, of))).toBe('POSITION_OF_ANOTHER_STORE');
      }),
    );
  });

  test('does not pass for a durable one, nor the other way round', () => {
    const pending = codec.encodePending(42n, 'acme');
    const other = codec.encode({ ordinal: 42, position: 0n, time: 0 }, 'acme');
    expect(codeOf(() => codec.decode(pending.replace('~', ''), 'acme'))).toBe('BAD_USER_INPUT');
    expect(codeOf(() => codec.decode(other.replace('.', '.~'), 'acme'))).toBe('BAD_USER_INPUT');
  });
});

test('a log that was made without a line gives and takes the positions of 0.1.0; its copies give those of today', () => {
  expect(old.encode({ ordinal: 1, position: 35n, time: 0 }, 'acme')).toBe('5f0c1a2b-z');
  expect(old.encodePending(35n, 'acme')).toBe('5f0c1a2b-z');
  const oldCopy = new PositionCodec({ identity: OTHER, line: IDS.identity });
  const text = oldCopy.encode({ ordinal: 7, position: 35n, time: 0 }, 'acme');
  expect(durable(old.decode(text, 'acme')).ordinal).toBe(7);
  for (const form of ['5f0c1a2b-z', '11111111-z'])
    expect(() => oldCopy.decode(form, 'acme')).toThrow(PositionError);
  expect(old.decode('5f0c1a2b-z', 'acme')).toEqual({ form: 'old', position: 35n });
  expect(codeOf(() => old.decode('00000000-z', 'acme'))).toBe('POSITION_OF_ANOTHER_STORE');
  // Refused, though it has the form: it would only tell how long the log is.
  expect(codeOf(() => codec.decode('5f0c1a2b-z', 'acme'))).toBe('BAD_USER_INPUT');
});

test('the id of an event is taken as it is, in small letters', () => {
  expect(codec.decode('3F2504E0-4F89-51D3-9A0C-0305E82C3301', null)).toEqual({
    form: 'event',
    id: '3f2504e0-4f89-51d3-9a0c-0305e82c3301',
  });
});

test('a position of another line is refused', () => {
  const other = new PositionCodec({ ...IDS, line: OTHER });
  for (const text of [
    other.encode({ ordinal: 1, position: 0n, time: 0 }, null),
    other.encodePending(1n, null),
  ])
    expect(codeOf(() => codec.decode(text, null))).toBe('POSITION_OF_ANOTHER_STORE');
});

test('the number of an entry of history is sealed, but not where 0.1.0 gave it in clear', () => {
  const entry = fc.record({
    ordinal: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    part: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
  });
  fc.assert(
    fc.property(entry, (number) => {
      const text = codec.sealNumber(number, 'acme') ?? '';
      expect(text).toMatch(/^[0-9a-z]{25}$/);
      expect([codec, copy].map((each) => each.openNumber(text, 'acme'))).toEqual([number, number]);
      const clear = String(number.ordinal);
      expect([codec.openNumber(text, 'other'), codec.openNumber(clear, 'acme')]).toEqual([null, null]);
      expect([old.sealNumber(number, 'acme'), old.openNumber(clear, 'acme')]).toEqual([null, null]);
    }),
  );
});

test('the line and the identity are not shown', () => {
  const oldCopy = new PositionCodec({ identity: OTHER, line: IDS.identity });
  const texts = [codec, oldCopy].flatMap((each) => [
    each.encode({ ordinal: 1, position: 0n, time: 0 }, 'acme'),
    each.encodePending(1n, 'acme'),
  ]);
  for (const text of texts) {
    expect(IDS.line).not.toContain(text.slice(0, 6));
    expect(IDS.identity.toLowerCase()).not.toContain(text.slice(0, 6));
  }
});

test('anything else is none', () => {
  const line = codec.encode({ ordinal: 1, position: 0n, time: 0 }, null).slice(0, 8);
  for (const text of [
    '',
    '35',
    '5f0c1a2b-',
    '-z',
    '5f0c1a2b-Z',
    ' 5f0c1a2b-z',
    '5f0c1a2b-z\n',
    `5f0c1a2b-${'z'.repeat(27)}`,
    `${line}.`,
    `${line}.~`,
    `${line}.${'0'.repeat(24)}`,
    // Larger than a block.
    `${line}.${'z'.repeat(25)}`,
    `${line}.${'0'.repeat(25)}`,
    `${line}.${'0'.repeat(25)}\n`,
    '3f2504e0-4f89-51d3-9a0c-0305e82c330',
  ])
    expect(codeOf(() => codec.decode(text, 'acme'))).toBe('BAD_USER_INPUT');
});
