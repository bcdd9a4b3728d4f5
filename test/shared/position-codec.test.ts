import fc from 'fast-check';
import { PositionCodec } from '../../src/shared/position-codec';

describe('Positions', () => {
  const codec = new PositionCodec('5F0C1A2B-9d3e-4f5a-8b6c-7d8e9f0a1b2c');

  test('name their store', () => {
    expect(codec.encode(35n)).toBe('5f0c1a2b-z');
  });

  test('are read as they were written, however large', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
        (position) => codec.decode(codec.encode(position)) === position,
      ),
    );
  });

  test('of another store are refused', () => {
    const other = new PositionCodec('00000000-0000');
    expect(() => codec.decode(other.encode(35n))).toThrow(
      expect.objectContaining({ code: 'POSITION_OF_ANOTHER_STORE' }),
    );
  });

  test('anything else is none', () => {
    for (const text of [
      '',
      '35',
      '5f0c1a2b-',
      '-z',
      '5f0c1a2b-Z',
      '5f0c1a2b-1.5',
      ' 5f0c1a2b-z',
      '5f0c1a2b-z\n',
      `5f0c1a2b-${'z'.repeat(27)}`,
    ])
      expect(() => codec.decode(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});
