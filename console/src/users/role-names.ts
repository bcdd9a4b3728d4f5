/** Number of roles that are named; the others are counted. */
const NAMED = 2;

/** Roles of a user for one line: “Agent, Supervisor”, and how many more there are. */
export function namedRoles(roles: readonly { readonly name: string }[]): {
  readonly names: string;
  readonly more: number;
} {
  const names = roles.slice(0, NAMED).map(({ name }) => name);
  return { names: names.join(', '), more: roles.length - names.length };
}
