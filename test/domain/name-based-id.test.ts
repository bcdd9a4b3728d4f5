import * as fc from 'fast-check';
import { v5 } from 'uuid';
import { nameBasedId } from '../../src/domain/name-based-id';

test('a name-based id is what the uuid package makes of the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (name, namespace) => {
      expect(nameBasedId(name, namespace)).toBe(v5(name, namespace));
    }),
  );
});
