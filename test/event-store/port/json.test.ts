import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { canonicalJson } from '../../../src/event-store/port/json';

describe('canonical JSON', () => {
  const value = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });

  it('is what the RFC 8785 package writes, and reads back as it was', () => {
    fc.assert(
      fc.property(value, (json) => {
        const text = canonicalJson(json);
        expect(text).toBe(canonicalize(json));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: { d: [2], c: -0 }, 10: 3, 9: 4 })).toBe(
      '{"10":3,"9":4,"a":{"c":0,"d":[2]},"b":1}',
    );
    expect(canonicalJson({ 9: 4, 10: 3, a: { c: 0, d: [2] }, b: 1 })).toBe(
      '{"10":3,"9":4,"a":{"c":0,"d":[2]},"b":1}',
    );
  });

  it('says where a value is that is no JSON', () => {
    expect(() => canonicalJson({ grants: [{}, { scope: 1n }] }, 'data')).toThrow(
      'data.grants[1].scope: a BigInt is not JSON',
    );
    expect(() => canonicalJson({ at: new Date(0) })).toThrow(
      'value.at: only plain objects are JSON, not an instance of Date',
    );
  });

  it('does not let an object make its own JSON', () => {
    expect(canonicalJson({ toJSON: 'a text' })).toBe('{"toJSON":"a text"}');
    const hidden = Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 2, enumerable: false });
    expect(() => canonicalJson([hidden])).toThrow('value[0]: only plain objects are JSON');
  });

  it('takes the same object twice, but not within itself', () => {
    const shared = { n: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"n":1},{"n":1}]');
    const loop: unknown[] = [];
    loop.push([loop]);
    expect(() => canonicalJson(loop)).toThrow('value[0][0]: contains itself');
  });
});
