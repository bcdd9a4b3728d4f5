import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import { ACCOUNT_ADMIN } from '../../src/domain/vocabulary';
import { ADMIN } from '../population/events';
import { userId } from '../population/names';
import type { Plan } from '../population/plan';

/** node-casbin with the same roles, grants and memberships, in its documented model of roles. */

const model = (matcher: string): string => `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher}`;

const MATCHERS = {
  documented: 'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act',
  /** The same with the cheap comparisons first. */
  tuned: 'r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)',
};

export interface Casbin {
  /** Checks one by one with `await enforcer.enforce(...)`, as its README asks. */
  check(user: string, permission: string): Promise<boolean>;
  /** Tuned and synchronous. */
  checkFast(user: string, permission: string): boolean;
}

export async function loadCasbin(plan: Plan, catalogue: CatalogueFile): Promise<Casbin> {
  const policy = policyOf(plan, catalogue).join('\n');
  const [documented, tuned] = await Promise.all(
    [MATCHERS.documented, MATCHERS.tuned].map((matcher) =>
      newEnforcer(newModelFromString(model(matcher)), new StringAdapter(policy)),
    ),
  );
  const ask = (permission: string): [string, string] => permission.split('/', 2) as [string, string];
  return {
    check: (user, permission) => documented!.enforce(user, ...ask(permission)),
    checkFast: (user, permission) => tuned!.enforceSync(user, ...ask(permission)),
  };
}

function policyOf({ roles }: Plan, { defaultRoles }: CatalogueFile): string[] {
  const grant = (role: string, permission: string): string => `p, ${role}, ${permission.replace('/', ', ')}`;
  return [
    ...defaultRoles.flatMap(({ key, permissions }) =>
      permissions.map((permission) => grant(key, permission)),
    ),
    ...roles.flatMap(({ id, grants }) => grants.map(({ permission }) => grant(id, permission))),
    `g, ${ADMIN}, ${ACCOUNT_ADMIN}`,
    ...roles.flatMap(({ id, members }) => members.map((n) => `g, ${userId(n)}, ${id}`)),
  ];
}
