import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { JsonObject, RecordedEvent } from '../../src/event-store/port/event-store';
import { entryText, leafOf, originOf, treeOf } from '../../src/transparency/entry';

const event: RecordedEvent = {
  id: '6b1f1c0a-0000-4000-8000-000000000001',
  type: 'RoleCreated',
  stream: 'rolebook.role-acme.r1',
  revision: 0,
  position: 1n,
  data: { role: 'r1', name: 'Prüfer' },
  metadata: { part: '1', parts: '1' },
};

describe('an entry', () => {
  it('is canonical JSON with the number in the log', () => {
    expect(entryText(event, 12)).toBe(
      '{"data":{"name":"Prüfer","role":"r1"},"id":"6b1f1c0a-0000-4000-8000-000000000001","metadata":{"part":"1","parts":"1"},"n":"12","revision":"0","stream":"rolebook.role-acme.r1","type":"RoleCreated"}',
    );
  });

  it('is what the library of RFC 8785 writes, whatever the event holds', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(json, json, fc.integer({ min: 1 }), (data, metadata, n) => {
        const { id, type, stream } = event;
        const all = { data, id, metadata, n: String(n), revision: '0', stream, type };
        expect(entryText({ ...event, data, metadata }, n)).toBe(
          canonicalize(JSON.parse(JSON.stringify(all))),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('is hashed twice: the text, then the leaf', () => {
    const entry = createHash('sha256').update(entryText(event, 12)).digest();
    const leaf = createHash('sha256')
      .update(Buffer.concat([Buffer.from([0]), entry]))
      .digest();
    expect(leafOf(event, 12)).toEqual(leaf);
  });

  it('has a leaf of its own where it is no JSON', () => {
    const broken = (value: string): RecordedEvent => ({ ...event, data: { value } });
    expect(leafOf(broken('\ud800'), 1)).not.toEqual(leafOf(broken('\ud801'), 1));
    expect(leafOf(broken('\ud800'), 1)).not.toEqual(leafOf(broken('\ud800'), 2));
  });

  it.each([
    ['rolebook.catalogue', 'catalogue'],
    ['rolebook.account-acme', 'accounts/acme'],
    ['rolebook.user-acme.u1', 'accounts/acme'],
    ['rolebook.claim-acme.abc', 'accounts/acme'],
    ['rolebook.repair', null],
    ['rolebook.repair-acme', null],
    ['rolebook.unheard', null],
  ])('of %s is in the tree %j', (stream, tree) => expect(treeOf(stream)).toBe(tree));

  it('has trees with origins of their own', () => {
    expect(originOf('rolebook/x', 'log')).toBe('rolebook/x');
    expect(originOf('rolebook/x', 'catalogue')).toBe('rolebook/x/catalogue');
    expect(originOf('rolebook/x', 'accounts/acme')).toBe('rolebook/x/accounts/acme');
  });
});
