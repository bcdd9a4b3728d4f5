import type { CatalogueList, DefaultRole, Permission } from '../../../src/domain/catalogue/catalogue';
import { grouped } from '../../../src/shared/grouped';
import type { Ordinal } from '../../numbers';
import { OPEN } from '../../tables/schema';
import type { Sql } from '../../tables/sqlite/sql';
import type { TableValue } from '../../interval-rows';

/** Facts that the catalogue has: few, so that they are read at once. What goes on from one definition to the next is one fact. */
export interface CatalogueFact {
  /** Text by which facts are in order, the same for all facts about one thing. */
  readonly key: string;
  readonly values: readonly TableValue[];
  readonly from: Ordinal;
  readonly to: Ordinal;
}

interface Definition {
  readonly key: string;
  readonly json: string;
  readonly valid_from: Ordinal;
  readonly valid_to: Ordinal;
}

/** Definitions that were there at some ordinal up to one, oldest first. */
const definitions = (sql: Sql, kind: CatalogueList, at: Ordinal): Definition[] =>
  sql.all(
    `SELECT key, json, valid_from, valid_to FROM catalogue_entry WHERE kind = ? AND valid_from <= ?
     ORDER BY key, valid_from`,
    kind,
    at,
  );

export const defaultGrants = (sql: Sql, at: Ordinal, only: string | null): CatalogueFact[] =>
  joined(
    definitions(sql, 'defaultRoles', at).flatMap((definition) => {
      const { key, permissions, retired } = JSON.parse(definition.json) as DefaultRole;
      if (retired || (only !== null && only !== key)) return [];
      return permissions.map((permission) => fact(definition, [key, 'DEFAULT', permission, null]));
    }),
  );

export const defaultRoles = (sql: Sql, at: Ordinal, only: string | null): CatalogueFact[] =>
  joined(
    definitions(sql, 'defaultRoles', at).flatMap((definition) => {
      const { key, name, description, retired } = JSON.parse(definition.json) as DefaultRole;
      if (retired || (only !== null && only !== key)) return [];
      return [fact(definition, [key, 'DEFAULT', name, description])];
    }),
  );

export const permissionFacts = (sql: Sql, at: Ordinal): CatalogueFact[] =>
  joined(
    definitions(sql, 'permissions', at).flatMap((definition) => {
      const { key, section, feature, privileged, scopes, description, retired } = JSON.parse(
        definition.json,
      ) as Permission;
      return retired ? [] : [fact(definition, [key, section, feature, privileged, scopes, description])];
    }),
  );

const fact = (
  { valid_from: from, valid_to: to }: Definition,
  values: readonly TableValue[],
): CatalogueFact => ({ key: JSON.stringify(values), values, from, to });

/** Joins facts that go on with the same values, and puts all in the order of their keys. */
function joined(facts: readonly CatalogueFact[]): CatalogueFact[] {
  const whole = [...grouped(facts, ({ key }) => key).values()].flatMap((same) => {
    const found: CatalogueFact[] = [];
    for (const each of same.toSorted((a, b) => a.from - b.from)) {
      const last = found.at(-1);
      if (last?.to === each.from) found[found.length - 1] = { ...last, to: each.to };
      else found.push(each);
    }
    return found;
  });
  return whole.sort((a, b) => compare(a.key, b.key) || a.from - b.from);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** True for what held at some moment between two ordinals. */
export const isShown = (
  { from, to }: Pick<CatalogueFact, 'from' | 'to'>,
  { at, since }: { readonly at: Ordinal; readonly since: Ordinal },
): boolean => from <= at && to > since;

export const endOf = (to: Ordinal, at: Ordinal): Ordinal | null => (to <= at && to !== OPEN ? to : null);
