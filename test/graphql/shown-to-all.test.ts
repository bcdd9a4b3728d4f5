import { getNamedType, isObjectType } from 'graphql';
import { needsOf } from '../../src/graphql/needs/needs';
import { createSchema } from '../../src/graphql/schema';

/**
 * Fields that every active user is shown, without any right: those of `me`, of `account`, and of whatever these lead to.
 * A new field of one of these types is in none of the lists: guard it, or add it if it may be shown to everybody of the
 * account, who see it of themselves and of the roles that they have.
 */
const SHOWN_TO_ALL: Readonly<Record<string, string>> = {
  Account: 'allowedActions asOf current features id key name',
  Actor: 'host id key name type',
  EffectivePermissions: 'asOf features granted id withheld',
  Feature: 'enabled id key name required',
  GrantedPermission: 'id permission scopes via',
  Moment: 'position time',
  Permission:
    'available description feature grantable id key privileged retired scopes section totalScopeCount',
  Query: 'account me',
  Role: 'allowedActions asOf catalogueKey createdAt createdBy current deletedAt description group id key kind name permissionCount scopeCount sections updatedAt updatedBy userCount version',
  RoleAssignment: 'assignedAt assignedBy id role',
  RoleGroup: 'id key name',
  RolePermission: 'available id permission scopes selected selectedScopeCount totalScopeCount',
  RoleScope: 'description id name selected',
  RoleSection: 'description id key name permissions selectedCount totalCount',
  Scope: 'description id includes name',
  Section: 'description id key name permissions totalCount',
  User: 'allowedActions asOf assignments current effectivePermissions externalId id key kind lastLoginAt name roles status updatedAt updatedBy username',
  WithheldPermission: 'id permission reason via',
};

test('no field is shown to everybody but those that are listed', () => {
  const schema = createSchema();
  const shown = new Map<string, string[]>();
  const visit = (name: string): void => {
    const type = schema.getType(name);
    if (!isObjectType(type) || shown.has(name)) return;
    const open = Object.values(type.getFields()).filter((field) =>
      (needsOf(field) ?? []).every(({ anyOf }) => anyOf.length === 0),
    );
    shown.set(name, open.map((field) => field.name).sort());
    for (const field of open) visit(getNamedType(field.type).name);
  };
  visit('Query');
  const found = [...shown]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fields]) => [name, fields.join(' ')]);
  expect(Object.fromEntries(found)).toEqual(SHOWN_TO_ALL);
});
