import { Work } from '../../src/shared/turns';
import { shapeRefusals } from '../../src/graphql/mutation/input-refusals';
import { CreateRoleInput, GrantInput } from '../../src/graphql/role/role-inputs';

const input = (fields: Partial<CreateRoleInput>): CreateRoleInput =>
  Object.assign(new CreateRoleInput(), { name: 'Fine' }, fields);
const grant = (fields: Partial<GrantInput>): GrantInput =>
  Object.assign(new GrantInput(), { permission: 'a/b' }, fields);
const fieldsOf = async (fields: Partial<CreateRoleInput>) =>
  (await shapeRefusals(input(fields), new Work())).map(({ code, field }) => `${code} ${field?.join('.')}`);

describe('The shape of an input', () => {
  test('is fine as it is, empty and absent values included', async () => {
    expect(await fieldsOf({})).toEqual([]);
    expect(
      await fieldsOf({ description: null, grants: null, userIds: null, reason: null, idempotencyKey: null }),
    ).toEqual([]);
    expect(await fieldsOf({ grants: [grant({ scopes: [] })], description: 'two\nlines\t.' })).toEqual([]);
  });

  test('leaves the rules to the domain: a blank or endless name is not malformed', async () => {
    expect(await fieldsOf({ name: '   ' })).toEqual([]);
    expect(await fieldsOf({ name: 'x'.repeat(100_000), reason: 'y'.repeat(1_000) })).toEqual([]);
  });

  test('tells each malformed field by its path', async () => {
    expect(await fieldsOf({ name: 'a\u0000b' })).toEqual(['INVALID_INPUT name']);
    expect(await fieldsOf({ grants: [grant({}), grant({ permission: '\ud800' })] })).toEqual([
      'INVALID_INPUT grants.1.permission',
    ]);
    expect(await fieldsOf({ grants: [grant({ scopes: ['fine', '\u0007'] })] })).toEqual([
      'INVALID_INPUT grants.0.scopes',
    ]);
    expect(await fieldsOf({ idempotencyKey: 'k'.repeat(201) })).toEqual(['INVALID_INPUT idempotencyKey']);
  });
});
