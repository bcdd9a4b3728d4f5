import {
  ASSIGN_USERS,
  MANAGE_ROLES,
  rightsNeeded,
  targetNeeding,
  type FieldRights,
} from '../../src/commands/field-rights';
import type { UpdateRole } from '../../src/commands/inputs';
import { commands, type Command } from '../../src/commands/registry';

/** The rights of a command follow from its fields: every field has one, and what is given decides. */

const rightsOf = ({ type, ...input }: Command | { readonly type: 'updateRole' }): string[] =>
  rightsNeeded(commands[type].input, commands[type].rights as FieldRights<Record<string, unknown>>, input);

const MANAGE = 'roles/manage';
const ASSIGN = 'roles/assign';
const role = 'r';

test.each<[Omit<UpdateRole, 'role'>, string[]]>([
  [{}, [MANAGE]],
  [{ name: 'x' }, [MANAGE]],
  [{ name: null }, [MANAGE]],
  [{ description: null }, [MANAGE]],
  [{ grants: [] }, [MANAGE]],
  [{ assignUserIds: ['ann'] }, [ASSIGN]],
  [{ unassignUserIds: ['ann'] }, [ASSIGN]],
  [{ assignUserIds: [] }, [ASSIGN]],
  [{ assignUserIds: null }, [MANAGE]],
  [{ assignUserIds: [], unassignUserIds: ['ann'] }, [ASSIGN]],
  [{ name: 'x', assignUserIds: [] }, [MANAGE]],
  [{ name: 'x', unassignUserIds: ['ann'] }, [MANAGE, ASSIGN]],
  [{ unassignUserIds: ['ann'], grants: [] }, [MANAGE, ASSIGN]],
])('updateRole %j needs %j', (fields, rights) => {
  expect(rightsOf({ type: 'updateRole', role, ...fields })).toEqual(rights);
});

test.each<[Command, string[]]>([
  [{ type: 'createRole', name: 'x', userIds: [] }, [MANAGE]],
  [{ type: 'createRole', name: 'x', userIds: ['ann'] }, [MANAGE, ASSIGN]],
  [{ type: 'duplicateRole', role, withUsers: false }, [MANAGE]],
  [{ type: 'duplicateRole', role, withUsers: true }, [MANAGE, ASSIGN]],
  [{ type: 'duplicateRole', role, asOf: 1, withUsers: true }, [MANAGE, ASSIGN]],
  [{ type: 'deleteRole', role }, [MANAGE]],
  [{ type: 'grantPermissions', role, grants: [] }, [MANAGE]],
  [{ type: 'assignUsers', role, userIds: [] }, [ASSIGN]],
  [{ type: 'unassignUsers', role, userIds: ['ann'] }, [ASSIGN]],
  [{ type: 'recordLogin', user: 'ann' }, ['users/manage']],
  [{ type: 'disableFeature', feature: 'F' }, ['accounts/manage']],
  [{ type: 'openAccount', name: 'x', features: [] }, ['operator']],
])('%j needs %j', (command, rights) => {
  expect(rightsOf(command)).toEqual(rights);
});

test('input without its required fields needs no less', () => {
  const createRole = { userIds: ['ann'] };
  expect(rightsNeeded(commands.createRole.input, commands.createRole.rights, createRole)).toEqual([
    MANAGE,
    ASSIGN,
  ]);
  expect(rightsNeeded(commands.assignUsers.input, commands.assignUsers.rights, {})).toEqual([ASSIGN]);
});

test('a field without a right, or a right without its field, does not compile', () => {
  const sound = {
    role: targetNeeding('roles/manage'),
    name: MANAGE_ROLES,
    description: MANAGE_ROLES,
    grants: MANAGE_ROLES,
    assignUserIds: ASSIGN_USERS,
    unassignUserIds: ASSIGN_USERS,
  };
  const { description: _, ...forgotten } = sound;
  const tables: readonly FieldRights<UpdateRole>[] = [
    sound,
    // @ts-expect-error the right of `description` is missing
    forgotten,
    // @ts-expect-error there is no field `colour`
    { ...sound, colour: MANAGE_ROLES },
  ];
  expect(tables.map((table) => Object.keys(table).length)).toEqual([6, 5, 7]);
});
