import fc from 'fast-check';
import 'reflect-metadata';
import { Actor, actorOf } from '../../src/graphql/history/actor.type';
import { globalId, idOf, parseGlobalId, partsOf } from '../../src/graphql/global-id';

const position = fc.stringMatching(/^[0-9a-z]{8}\.~?[0-9a-z]{25}$|^[0-9a-z]{1,8}-[0-9a-z]{1,26}$/);

describe('Global ids', () => {
  test('are readable', () => {
    expect(globalId('Role', 'account-admin')).toBe('Role:account-admin');
    expect(globalId('HistoryEntry', 42)).toBe('HistoryEntry:42');
  });

  test('are read as they were written', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(fc.constantFrom('Account', 'Role', 'User'), id, (type, value) => {
        expect(parseGlobalId(globalId(type, value))).toEqual({ type, id: value });
      }),
    );
  });

  test('of the past end with a position, where what they name changes with time', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(fc.constantFrom('Account', 'Role', 'User'), id, position, (type, value, at) => {
        const text = globalId(type, value, at);
        expect(text).toBe(`${type}:${value}@${at}`);
        expect(parseGlobalId(text)).toEqual({ type, id: value, at });
        expect(idOf(type, text)).toBe(value);
      }),
    );
    expect(globalId('Operator', 'root', 'abc.def')).toBe('Operator:root');
    expect(parseGlobalId('Operator:root@host')).toEqual({ type: 'Operator', id: 'root@host' });
    for (const text of ['User:ana@', 'User:@abc', 'User:ana@a b', 'User:ana@a@b', 'HistoryEntry:1@abc'])
      expect([text, parseGlobalId(text)]).toEqual([text, null]);
  });

  test('of what the catalogue names take any key, of now and of the past', () => {
    const key = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[a%@4025]{1,8}$/));
    fc.assert(
      fc.property(fc.constantFrom('Permission', 'Scope'), key, fc.option(position), (type, value, at) => {
        const parsed = { type, id: value, ...(at === null ? {} : { at }) };
        expect(parseGlobalId(globalId(type, value, at))).toEqual(parsed);
      }),
    );
    expect(globalId('Scope', 'message:send')).toBe('Scope:message:send');
    expect(globalId('Scope', '50%@x', 'abc.def')).toBe('Scope:50%25%40x@abc.def');
  });

  test('of parts of a role lead to the role and the key, whatever that is', () => {
    const role = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(role, fc.string({ minLength: 1 }), (owner, key) => {
        const id = `${owner}/${key}`;
        expect(parseGlobalId(globalId('RolePermission', id))).toEqual({ type: 'RolePermission', id });
        expect(partsOf(id)).toEqual([owner, key]);
      }),
    );
  });

  test('of actors are read as they were written, whatever was once recorded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(['user', 'service', 'operator'] as const)),
        fc.string({ minLength: 1 }),
        (type, text) => {
          const id = type === 'user' ? text.replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0, 64) || 'u' : text;
          const actor = { type, id };
          expect(actorOf(new Actor(actor, {} as never).key)).toEqual(actor);
        },
      ),
    );
    for (const text of ['Role:a', 'operator', 'user:a', 'User:', 'Operator:', 'Service:', ''])
      expect(actorOf(text)).toBeNull();
  });

  test('anything else is none', () => {
    for (const text of [
      '',
      'ana',
      ':ana',
      'User:',
      'User:a b',
      'user:ana',
      'User:ana:x',
      'Thing:ana',
      'HistoryEntry:0',
      'HistoryEntry:x',
      'Section:',
      'RoleSection:account-admin',
      'RolePermission:a b/roles/view',
      'RoleScope:account-admin/roles%2Fview/x',
      `User:${'x'.repeat(65)}`,
      'constructor:x',
      '__proto__:x',
    ])
      expect([text, parseGlobalId(text)]).toEqual([text, null]);
    fc.assert(
      fc.property(fc.string(), (text) => /^[A-Z][A-Za-z]+:/.test(text) || parseGlobalId(text) === null),
    );
  });

  test('an id of another type is none', () => {
    expect(idOf('Role', 'User:ana')).toBeNull();
    expect(idOf('User', 'User:ana')).toBe('ana');
  });
});
