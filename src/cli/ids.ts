/** Role and user ids as people paste them: `account-admin` and the API's `Role:account-admin` are both taken. */
export function plainId(type: 'Role' | 'User', id: string): string {
  return id.startsWith(`${type}:`) ? id.slice(type.length + 1) : id;
}
