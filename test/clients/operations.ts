/**
 * Operations that the stores are tried with. Relay asks for names that begin with that of the module, here `Stores`.
 * Where Relay joins pages, `#connection` stands in place of its directive.
 */

const MOMENT = 'asOf { position time }';
const ACTOR = 'id key type name host';
const VIA = `via { id assignedAt assignedBy { ${ACTOR} } reason role { id key name userCount } event { id summary } }`;
const ENTRY = `id at type summary reason actor { ${ACTOR} } role { pastId key name } user { pastId key name }
  changes { field before after permission }`;

const ROLE = `id key name description version userCount permissionCount scopeCount allowedActions ${MOMENT}
  createdBy { ${ACTOR} } updatedAt updatedBy { ${ACTOR} }
  current { id key name userCount current { id name } }
  group { id key name }
  sections { id key name selectedCount permissions { id selected permission { id key } scopes { id selected } } }
  users(first: 10) { ${MOMENT} totalCount edges { cursor assignedAt assignedBy { ${ACTOR} } reason event { id summary }
    node { id key name status roles { id name userCount } } } }
  history(first: 10) { totalCount edges { node { ${ENTRY} } } }`;
const USER = `id key name username status ${MOMENT} updatedAt updatedBy { ${ACTOR} } current { id name }
  roles { id key name userCount } assignments { id assignedAt assignedBy { ${ACTOR} } reason role { id name } event { id } }
  effectivePermissions { id ${MOMENT} features { id key enabled } granted { id scopes permission { id key } ${VIA} }
    withheld { id reason permission { id key } ${VIA} } }`;

const query = (name: string, parameters: string, fields: string): string =>
  `query Stores${name}Query(${parameters}) { ${fields} }`;

const PAGED = '$first: Int, $after: String, $last: Int, $before: String';
const PAGE = 'first: $first, after: $after, last: $last, before: $before';
const pageOf = (node: string, edge = ''): string =>
  `${MOMENT} totalCount edges { cursor ${edge} node { ${node} } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }`;

/** Lists, each read in pages. */
export const LISTS = {
  Roles: query(
    'Roles',
    `$asOf: AsOf, $kind: RoleKind, $orderBy: RoleOrderInput, $search: String, ${PAGED}`,
    `roles(asOf: $asOf, kind: $kind, orderBy: $orderBy, search: $search, ${PAGE}) #connection(Stores_roles)
     { ${pageOf('id name userCount')} }`,
  ),
  Users: query(
    'Users',
    `$asOf: AsOf, $orderBy: UserOrderInput, $notInRole: ID, ${PAGED}`,
    `users(asOf: $asOf, orderBy: $orderBy, notInRole: $notInRole, ${PAGE}) #connection(Stores_users)
     { ${pageOf('id name')} }`,
  ),
  Holders: query(
    'Holders',
    `$asOf: AsOf, $permission: String!, ${PAGED}`,
    `usersWithPermission(asOf: $asOf, permission: $permission, ${PAGE}) #connection(Stores_usersWithPermission)
     { ${pageOf('id name', `scopes ${VIA}`)} }`,
  ),
  History: query(
    'History',
    `$filter: HistoryFilter, ${PAGED}`,
    `history(filter: $filter, ${PAGE}) #connection(Stores_history)
     { ${pageOf(ENTRY)} }`,
  ),
  Members: query(
    'Members',
    `$id: ID!, $orderBy: RoleUserOrderInput, ${PAGED}`,
    `node(id: $id) { id ... on Role { name users(orderBy: $orderBy, ${PAGE}) #connection(Stores_users)
     { ${pageOf('id name', `assignedAt assignedBy { ${ACTOR} } reason`)} } } }`,
  ),
  RoleHistory: query(
    'RoleHistory',
    `$id: ID!, ${PAGED}`,
    `node(id: $id) { id ... on Role { name history(${PAGE}) #connection(Stores_history)
     { ${pageOf(ENTRY)} } } }`,
  ),
} as const;

export const OPERATIONS = {
  ...LISTS,
  Role: query('Role', '$id: ID!, $asOf: AsOf', `role(id: $id, asOf: $asOf) { ${ROLE} }`),
  User: query('User', '$id: ID!, $asOf: AsOf', `user(id: $id, asOf: $asOf) { ${USER} }`),
  RoleNode: query('RoleNode', '$id: ID!', `node(id: $id) { id ... on Role { ${ROLE} } }`),
  UserNode: query('UserNode', '$id: ID!', `node(id: $id) { id ... on User { ${USER} } }`),
  Account: query(
    'Account',
    '$asOf: AsOf',
    `account(asOf: $asOf) { id key name allowedActions ${MOMENT} features { id key enabled } }
     permissionCatalogue(asOf: $asOf) { id version ${MOMENT} groups { id name } features { id key enabled }
       sections { id key permissions { id available } } }
     checkPermissions(asOf: $asOf, checks: [{ user: { id: "User:ben" }, permission: "people/view" }]) {
       allowed reason ${MOMENT} ${VIA} }`,
  ),
  Name: query('Name', '$id: ID!', 'role(id: $id) { id name version }'),
  Rename: `mutation StoresRenameMutation($input: UpdateRoleInput!) { updateRole(input: $input) {
    role { id name version userCount updatedAt updatedBy { ${ACTOR} } } errors { code message field ids } position projected } }`,
  Leave: `mutation StoresLeaveMutation($input: UpdateUserRolesInput!) { updateUserRoles(input: $input) {
    user { ${USER} } results { roleId changed role { id name userCount } errors { code } } errors { code } position projected } }`,
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** An operation as the server takes it. */
export const plain = (name: OperationName): string => OPERATIONS[name].replace(/#connection\(\w+\)/, '');

/** All operations as Relay's compiler takes them. */
export const relayModules = (): Map<string, string[]> =>
  new Map([
    [
      'Stores',
      Object.values(OPERATIONS).map((text) => text.replace(/#connection\((\w+)\)/, '@connection(key: "$1")')),
    ],
  ]);

/** The name that an operation has in its text. */
export const nameOf = (name: OperationName): string =>
  /(?:query|mutation) (\w+)/.exec(OPERATIONS[name])?.[1] ?? '';
