/** Questions about objects as of a moment. */

const ACCOUNT_FIELDS =
  'id key name asOf { position time } allowedActions features { __typename id key enabled }';
const ROLE_FIELDS = `id key name description version userCount permissionCount scopeCount createdAt updatedAt deletedAt
  asOf { position time } allowedActions createdBy { __typename id key name }
  users(first: 5) { asOf { position } totalCount edges { assignedAt assignedBy { __typename id key name }
    node { __typename id name status } } }`;
const SECTIONS = `sections { __typename id key selectedCount permissions { selected available permission { key }
  scopes { name selected } } }`;
const USER_FIELDS = `id key name username status asOf { position time } roles { __typename id name userCount }
  effectivePermissions { asOf { position time } granted { scopes permission { key } via { role { __typename id name } } }
    withheld { reason permission { key } via { role { __typename id name } } } }`;
/** All that `node` is asked for, by type. */
export const WHOLE: Readonly<Record<string, string>> = {
  Account: ACCOUNT_FIELDS,
  Role: `${ROLE_FIELDS} ${SECTIONS}`,
  User: USER_FIELDS,
  Feature: 'id key enabled',
  RoleSection: SECTIONS.slice('sections {'.length, -1),
};

/** Every field that takes a moment, with all that has an id below it. */
export const ANSWER = `query ($asOf: AsOf, $role: ID!) {
  account(asOf: $asOf) { __typename ${ACCOUNT_FIELDS} }
  role(id: $role, asOf: $asOf) { __typename ${ROLE_FIELDS} ${SECTIONS} }
  default: role(id: "Role:campaign-manager", asOf: $asOf) { __typename ${ROLE_FIELDS} }
  roles(first: 2, kind: CUSTOM, includeDeleted: true, asOf: $asOf) { asOf { position time } edges { node { __typename ${ROLE_FIELDS} } } }
  users(first: 4, asOf: $asOf) { asOf { position time } edges { node { __typename ${USER_FIELDS} } } }
  usersWithPermission(first: 4, permission: "people/view", asOf: $asOf) {
    asOf { position time } edges { node { __typename id name status } via { role { __typename id name } } } }
  permissionCatalogue(asOf: $asOf) { asOf { position time } }
  checkPermissions(checks: [{ user: { id: "User:ben" }, permission: "people/view" }], asOf: $asOf) {
    asOf { position time } allowed via { role { __typename id name } } } } `;
