import type { RoleNumber } from '../../numbers';
import { grantersAt, rolesRegranted } from '../../tables/grants';
import { lastRoleNumber, roleNumbers } from '../../tables/roles';
import { wordNumbers } from '../../tables/words';
import type { Asking, AsOfContext } from '../as-of-context';

/** Roles that may give something else than before to those who are in them at two moments. */

/** Roles whose grants one step passes over. */
const ROLES = 200;
/** Rows that are passed over, for one that is read. */
const PASSED_A_ROW = 10;

/** Numbers of the roles. `from`: the account at the earlier moment. `only`: the one permission that counts; null: all. */
export async function changedRoles(
  asking: Asking,
  from: AsOfContext,
  only: string | null,
): Promise<RoleNumber[]> {
  return [
    ...new Set([...(await withOtherEffect(asking, from, only)), ...(await otherwiseGranting(asking, from))]),
  ];
}

/** Roles whose grants have another effect by catalogue or feature, custom ones as far as they grant the same as before. */
export async function withOtherEffect(
  asking: Asking,
  from: AsOfContext,
  only: string | null,
): Promise<RoleNumber[]> {
  const { reading, question } = asking;
  const permissions = changedPermissions(from, reading, only);
  const defaults = changedDefaultRoles(from, reading, permissions, only);
  const known = await question.step(
    () => roleNumbers(reading, defaults),
    ({ size }) => size,
  );
  return [...known.values(), ...(await granting(asking, permissions))];
}

/** Custom roles of which a grant began, ended or changed its scopes. */
async function otherwiseGranting({ reading, question }: Asking, from: AsOfContext): Promise<RoleNumber[]> {
  const found: RoleNumber[] = [];
  const last = lastRoleNumber(reading);
  for (let after = 0; after < last; after += ROLES) {
    const some = await question.step(
      () => rolesRegranted(reading, from.at, { after, upTo: after + ROLES }),
      ({ length }) => length + ROLES / PASSED_A_ROW,
    );
    found.push(...some);
  }
  return found;
}

/** Custom roles that grant one of some permissions. */
async function granting(
  { reading, question }: Asking,
  permissions: ReadonlySet<string>,
): Promise<RoleNumber[]> {
  const found: RoleNumber[] = [];
  for (const word of wordNumbers(reading.sql, permissions).values()) {
    const some = await question.step(
      () => grantersAt(reading, word),
      ({ length }) => length,
    );
    found.push(...some.map(({ role }) => role));
  }
  return found;
}

/** Permissions whose grants have another effect than before, by catalogue or feature. */
function changedPermissions(from: AsOfContext, to: AsOfContext, only: string | null): ReadonlySet<string> {
  if (from.snapshot === to.snapshot && isSameSet(from.features, to.features)) return new Set();
  const effectOf = ({ snapshot, features }: AsOfContext, key: string): string => {
    const permission = snapshot.catalogue.present(key);
    return permission && features.has(permission.feature) ? `with ${permission.scopes.join()}` : '';
  };
  const keys = only === null ? [...to.snapshot.catalogue.permission.keys()] : [only];
  return new Set(keys.filter((key) => effectOf(from, key) !== effectOf(to, key)));
}

/** Default roles that grant other permissions than before, or some of those given. */
function changedDefaultRoles(
  from: AsOfContext,
  to: AsOfContext,
  permissions: ReadonlySet<string>,
  only: string | null,
): readonly string[] {
  const grantsOf = ({ snapshot }: AsOfContext, key: string): readonly string[] => {
    const role = snapshot.catalogue.defaultRole.get(key);
    const granted = role && !role.retired ? role.permissions : [];
    return only === null ? granted : granted.filter((each) => each === only);
  };
  return to.snapshot.catalogue.content.defaultRoles
    .filter(({ key }) => {
      const [had, has] = [grantsOf(from, key), grantsOf(to, key)];
      return has.some((each) => permissions.has(each)) || !isSameSet(new Set(had), new Set(has));
    })
    .map(({ key }) => key);
}

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((each) => other.has(each));
