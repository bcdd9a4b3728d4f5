import type { Operation } from './load';

/** Requests of the screens, one each. */

/** 20 rows, 8 fields. */
const LIST_FIELDS = 'id kind name userCount permissionCount scopeCount version updatedAt';

export const roleList = (asOf?: string): Operation => ({
  query: `query RoleList($asOf: AsOf) {
    roles(kind: CUSTOM, first: 20, asOf: $asOf) { edges { node { ${LIST_FIELDS} } } pageInfo { hasNextPage endCursor } }
  }`,
  variables: { asOf: asOf ? { position: asOf } : null },
});

/** The README's `RolePage`. */
export const rolePage = (role: string): Operation => ({
  query: `query RolePage($id: ID!) {
    role(id: $id) {
      id kind name description version userCount permissionCount scopeCount allowedActions
      createdAt createdBy { key name } updatedAt
      sections {
        key name selectedCount totalCount
        permissions { selected available permission { key description } scopes { name selected } }
      }
      users(first: 20) { totalCount edges { assignedAt assignedBy { name } node { id name username lastLoginAt } } }
      history(first: 10) { edges { node { at summary actor { name } reason } } }
    }
  }`,
  variables: { id: `Role:${role}` },
});

export const effective = (user: string, asOf?: string): Operation => ({
  query: `query Effective($id: ID!, $asOf: AsOf) {
    user(id: $id, asOf: $asOf) {
      name roles { id name }
      effectivePermissions {
        granted { permission { key } scopes via { role { id name } } }
        withheld { permission { key } reason via { role { id name } } }
      }
    }
  }`,
  variables: { id: `User:${user}`, asOf: asOf ? { position: asOf } : null },
});

export const checks = (
  asked: readonly { readonly user: string; readonly permission: string }[],
): Operation => ({
  query: `query Checks($checks: [PermissionCheckInput!]!) { checkPermissions(checks: $checks) { allowed reason } }`,
  variables: {
    checks: asked.map(({ user, permission }) => ({ user: { id: `User:${user}` }, permission })),
  },
});

export const holders = (permission: string): Operation => ({
  query: `query Holders($permission: String!) {
    usersWithPermission(permission: $permission, first: 20) {
      totalCount edges { node { id name username } via { role { id } } scopes } pageInfo { hasNextPage endCursor }
    }
  }`,
  variables: { permission },
});

export const roleUsers = (role: string, search: string | null): Operation => ({
  query: `query RoleUsers($id: ID!, $search: String) {
    role(id: $id) {
      users(first: 20, search: $search) { totalCount edges { assignedAt node { id name username } } pageInfo { hasNextPage endCursor } }
    }
  }`,
  variables: { id: `Role:${role}`, search },
});

export const assign = (role: string, users: readonly string[]): Operation => ({
  query: `mutation Assign($input: AssignUsersInput!) {
    assignUsers(input: $input) { role { id version userCount } errors { code } position projected }
  }`,
  variables: { input: { roleId: `Role:${role}`, userIds: users.map((user) => `User:${user}`) } },
});

export const createRole = (name: string, permissions: readonly string[]): Operation => ({
  query: `mutation Create($input: CreateRoleInput!) {
    createRole(input: $input) { role { id version } errors { code } position projected }
  }`,
  variables: { input: { name, grants: permissions.map((permission) => ({ permission })) } },
});

export const register = (username: string, name: string): Operation => ({
  query: `mutation Register($input: RegisterUserInput!) {
    registerUser(input: $input) { user { id name } errors { code } position projected }
  }`,
  variables: { input: { username, name } },
});

export const hello = (): Operation => ({ query: '{ hello }' });

/** A small query, such as a page asks all the time. */
export const me = (): Operation => ({ query: '{ me { id name roles { id name } } }' });
