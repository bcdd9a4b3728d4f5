import * as fc from 'fast-check';
import { isOperatorId, operatorContext, systemHost, systemOperator } from '../../src/operator/operator';
import { decodeItems } from '../../src/operator/operator-wire';

/** Identity of an operator on the record. */

test.each([
  ['root', 'root'],
  ['ann.smith', 'ann.smith'],
  ['CORP\\ann', 'CORP-ann'],
  ['Ann Smith (admin)', 'Ann-Smith-admin'],
  ['Łukasz', 'Łukasz'],
  ['\u202eevil\u0007', 'evil'],
  ['x'.repeat(99), 'x'.repeat(64)],
  ['', 'operator'],
  ['???', 'operator'],
  // Rolebook's own: a log that begins with one of `demo` would get the demo.
  ['demo', 'operator'],
  ['start', 'operator'],
])('the system’s user %p is %p', (username, expected) => {
  expect(systemOperator(() => ({ username }))).toBe(expected);
});

test('whatever the system’s user is called, or where it has none, the id fits and stays what it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (username) => {
      const id = systemOperator(() => ({ username }));
      expect(isOperatorId(id)).toBe(true);
      expect(systemOperator(() => ({ username: id }))).toBe(id);
    }),
  );
  const nobody = (): never => {
    throw new Error('ENOENT: uv_os_get_passwd');
  };
  expect(systemOperator(nobody)).toBe('operator');
});

test.each([
  ['ops-1', 'ops-1'],
  ['ops-1.example.com', 'ops-1.example.com'],
  ['Anns-MacBook’s', 'Anns-MacBook-s'],
  ['x'.repeat(99), 'x'.repeat(64)],
  ['日本', undefined],
  ['', undefined],
])('the machine %p is %p on the record', (hostname, expected) => {
  const host = systemHost(() => hostname);
  expect(host).toBe(expected);
  const { actor } = operatorContext('acme', { operator: 'ana', host });
  expect(actor).toEqual({ type: 'operator', id: 'ana', ...(expected && { host: expected }) });
});

test('through a server the operator stays who they are, and a name that cannot be one is refused', () => {
  const item = (actor?: object): object[] => [
    { command: { type: 'deleteRole', role: 'r' }, context: { account: 'a', requestId: 'q', actor } },
  ];
  const actorOf = (actor?: object) => decodeItems(item(actor))[0]?.item?.context.actor;
  expect(actorOf({ type: 'user', id: 'ann' })).toEqual({ type: 'operator', id: 'ann' });
  expect(actorOf()).toEqual({ type: 'operator', id: 'operator' });
  expect(actorOf({ id: 'ana', host: 'ops-1' })).toEqual({ type: 'operator', id: 'ana', host: 'ops-1' });
  for (const id of ['', 'x'.repeat(65), 'two words', 'demo'])
    expect(decodeItems(item({ id }))[0]?.answer).toMatchObject({
      accepted: false,
      refusals: [{ code: 'INVALID_INPUT', field: ['actor', 'id'] }],
    });
});
