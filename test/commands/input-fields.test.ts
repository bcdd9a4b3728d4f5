import { placed } from '../../src/commands/input-fields';
import { commands, type CommandType } from '../../src/commands/registry';
import type { Subject } from '../../src/domain/refusal';

/** Refusals of the rules, placed in the input of the command that they are about. */

const message = 'No.';
const fieldOf = (type: CommandType, ...subject: [Subject, ...string[]]) =>
  placed({ code: 'INVALID_INPUT', message, subject }, type).field;

test.each<[CommandType, Subject, string]>([
  ['createRole', 'assign', 'userIds'],
  ['updateRole', 'assign', 'assignUserIds'],
  ['updateRole', 'unassign', 'unassignUserIds'],
  ['duplicateRole', 'assign', 'withUsers'],
  ['assignUsers', 'assign', 'userIds'],
  ['unassignUsers', 'unassign', 'userIds'],
])('%s: %s is its field %s', (type, subject, field) => {
  expect(fieldOf(type, subject)).toEqual([field]);
  expect(Object.keys(commands[type].input.properties)).toContain(field);
});

test('every command that names users has a field for those who join or leave', () => {
  const naming = (Object.keys(commands) as CommandType[]).filter((type) =>
    Object.keys(commands[type].input.properties).some((name) => /userIds|withUsers/i.test(name)),
  );
  expect(naming.length).toBeGreaterThan(4);
  for (const type of naming) {
    const fields = (['assign', 'unassign'] as const).map((subject) => fieldOf(type, subject)?.[0] ?? '');
    const known = Object.keys(commands[type].input.properties);
    expect(fields.filter((field) => known.includes(field))).not.toEqual([]);
  }
});

test('a path inwards stays, and what is about the whole command has no field', () => {
  expect(fieldOf('createRole', 'grants', '2', 'permission')).toEqual(['grants', '2', 'permission']);
  expect(placed({ code: 'TOO_MANY', message }, 'createRole')).toEqual({ code: 'TOO_MANY', message });
});
