import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Account } from './account/account.type';
import { RoleTemplate } from './catalogue/role-template.type';
import { numberOfEntry } from './entry-number';
import { VIEW_HISTORY, VIEW_ROLES, VIEW_USERS } from './caller';
import type { RequestContext } from './context';
import { badInput } from './errors';
import { Node, parseGlobalId, partsOf, type IdType } from './global-id';
import { BY_ARGUMENTS, BY_ENTRY, Guarded, need, refusal } from './guard';
import { changeOf } from './history/change.type';
import { HistoryEntry } from './history/history.type';
import { Cost } from './limits/field-cost';
import type { Need } from './needs/needs';
import { Feature, Permission, RoleGroup, Scope, Section } from './permission/permission.type';
import type { PinnedView } from './pinned-view';
import { rolePermission, roleSection } from './role/role-section.type';
import { roleById } from './role/role.type';
import { userById } from './user/user.type';

/** A type that `node` finds: the right that its own query needs, and the look-up of one by its id. */
interface Kind {
  readonly right: string | null;
  find(moment: PinnedView, id: string): Promise<Node | null> | Node | null;
}

const KINDS: Partial<Record<IdType, Kind>> = {
  Account: { right: null, find: (moment, id) => (id === moment.view.account ? new Account(moment) : null) },
  Role: {
    right: VIEW_ROLES,
    find: roleById,
  },
  User: {
    right: VIEW_USERS,
    find: userById,
  },
  HistoryEntry: {
    right: VIEW_HISTORY,
    find: async (moment, id) => {
      const number = numberOfEntry(id, moment.request.numbers);
      const row = number && (await moment.entries.load(number));
      return row && new HistoryEntry(row, moment);
    },
  },
  Change: {
    right: VIEW_HISTORY,
    find: (moment, id) => {
      const number = numberOfEntry(id, moment.request.numbers);
      return number && changeOf(moment, number);
    },
  },
  // Those of an account’s own features are shown without a right, too.
  Feature: {
    right: null,
    find: (moment, key) => made(moment.catalogue.feature.get(key), (row) => new Feature(moment, row)),
  },
  Section: {
    right: VIEW_ROLES,
    find: (moment, key) => made(moment.catalogue.section.get(key), (row) => new Section(moment, row)),
  },
  Permission: {
    right: VIEW_ROLES,
    find: (moment, key) => made(moment.catalogue.permission.get(key), (row) => new Permission(moment, row)),
  },
  Scope: {
    right: VIEW_ROLES,
    find: (moment, name) => made(moment.catalogue.scope.get(name), (row) => new Scope(moment, row)),
  },
  RoleGroup: {
    right: VIEW_ROLES,
    find: (moment, key) => made(moment.catalogue.group.get(key), (row) => new RoleGroup(moment, row)),
  },
  RoleTemplate: {
    right: VIEW_ROLES,
    find: (moment, key) =>
      made(moment.catalogue.roleTemplate.get(key), (row) => new RoleTemplate(moment, row)),
  },
  RoleSection: { right: VIEW_ROLES, find: inRole(roleSection) },
  RolePermission: { right: VIEW_ROLES, find: inRole(rolePermission) },
};

/** Needs of finding, by right. */
const NEEDS: readonly Need[] = [...new Set(Object.values(KINDS).map(({ right }) => right))].map((right) => ({
  anyOf: right === null ? [] : [right],
  types: Object.keys(KINDS).filter((type) => KINDS[type as IdType]?.right === right),
}));

const made = <Row, Found extends Node>(row: Row | undefined, make: (row: Row) => Found): Found | null =>
  row === undefined ? null : make(row);

/** The look-up of a part of a role. */
function inRole(find: (moment: PinnedView, role: string, key: string) => Promise<Node | null>): Kind['find'] {
  return async (moment, id) => {
    const [role, key] = partsOf(id);
    return (await moment.roles.load(role)) && find(moment, role, key);
  };
}

/** Ids that `nodes` takes at once. */
export const MAX_NODES = 200;

const FINDS =
  'Account, Role, User, HistoryEntry, Change, Section, Permission, Feature, Scope, RoleGroup, RoleTemplate, RoleSection or RolePermission';
const RIGHTS =
  'Needs what the type’s own query needs: `users/view` for a user, `audit-log/view` for an entry or a change of the history, nothing for the account and features, `roles/view` for all else.';

@Resolver()
export class NodeQueries {
  @Query(() => Node, {
    nullable: true,
    description: `The object that the global id names, as of now, or as of the moment that the id names; null where there is none. A ${FINDS}. ${RIGHTS}`,
  })
  @Guarded(BY_ARGUMENTS, NEEDS)
  async node(
    @Ctx() context: RequestContext,
    @Info() field: GraphQLResolveInfo,
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
  ): Promise<Node | null> {
    const { right, find } = lookUp(id);
    if (right !== null) need(context.caller, [right], field);
    return find(context);
  }

  @Query(() => [Node], {
    nullable: 'itemsAndList',
    description: `The objects that up to ${MAX_NODES} global ids name, each as \`node\` gives it, in the order asked; null where there is none. ${RIGHTS} One that the caller may not see, or whose moment is none, is null, with an error of its own.`,
  })
  @Guarded(BY_ENTRY, NEEDS)
  @Cost<{ readonly ids: readonly string[] }>(({ ids }) => ({
    work: 5 * (ids?.length ?? 1),
    size: ids?.length,
  }))
  async nodes(
    @Ctx() context: RequestContext,
    @Info() field: GraphQLResolveInfo,
    @Arg('ids', () => [ID], { description: 'Global ids.' }) ids: string[],
  ): Promise<(Node | Error | null)[]> {
    if (ids.length > MAX_NODES) throw badInput(`\`ids\` has at most ${MAX_NODES} entries.`);
    // Asked for at once, so that what is read for them is read in batches.
    return Promise.all(
      ids.map(async (id): Promise<Node | Error | null> => {
        const { right, find } = lookUp(id);
        const refused = right === null ? null : refusal(context.caller, [right], field);
        // A moment that there is not is a fault of this id alone.
        return refused ?? find(context).catch((fault: unknown) => fault as Error);
      }),
    );
  }
}

interface LookUp {
  readonly right: string | null;
  readonly find: (context: RequestContext) => Promise<Node | null>;
}

const NOTHING: LookUp = { right: null, find: () => Promise.resolve(null) };

/** The look-up of the object that a global id names; of nothing, for any other text. */
function lookUp(text: string): LookUp {
  const named = parseGlobalId(text);
  const kind = named && KINDS[named.type];
  if (!kind) return NOTHING;
  return { right: kind.right, find: async (context) => kind.find(await context.viewOf(named), named.id) };
}
