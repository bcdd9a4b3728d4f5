import type { Command } from '../../src/commands/command';
import { ask, execute, given, replica, roleIdOf, verdict } from './harness';

/**
 * Code points that Unicode 16.0 does not define, in every name that claims one: a later Node may fold them, and then two
 * replicas would claim it under two keys. U+A7CE and U+10940 are letters of Unicode 17.
 */
const NAMES = ['a\u0378', '\ua7ce', '\u{10940}desk'];
const role = roleIdOf('sales');

const WAYS: readonly ((name: string) => Command)[] = [
  (name) => ({ type: 'registerUser', username: name, name: 'Eve' }),
  (name) => ({ type: 'registerUser', username: 'eve', name }),
  (name) => ({ type: 'updateUser', user: 'ann', username: name }),
  (name) => ({ type: 'createRole', name }),
  (name) => ({ type: 'updateRole', role, name }),
  (name) => ({ type: 'duplicateRole', role, name }),
];

test.each(NAMES)('%j is refused wherever a name is claimed, and nothing is written', async (name) => {
  const log = await given(ask({ type: 'createRole', name: 'Sales' }, { idempotencyKey: 'sales' }));
  const bus = replica(log);
  const before = log.events.length;
  for (const way of WAYS)
    expect([way(name).type, verdict(await execute(bus, ask(way(name))))]).toEqual([
      way(name).type,
      'INVALID_INPUT',
    ]);
  expect(log.events).toHaveLength(before);
});
