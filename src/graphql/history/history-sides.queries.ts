import { Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import { VIEW_ROLES, VIEW_USERS } from '../caller';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { Role, roleById } from '../role/role.type';
import { User, userById } from '../user/user.type';
import { HistoryRole, HistoryUser } from './history.type';

/**
 * Both sides of an event, as whole objects: what it says by itself are the fields that it names. Beside the types, so that
 * imports go one way, from here to `Role` and from there to its history.
 */

/** Work of pinning a view, and reading an object of it. */
const SIDE_WORK = 50;
/** Marks a field without arguments that is read from here, not from its object. */
const Resolved = () => Extensions({ resolved: true });

const BEFORE = (what: string): string =>
  `The ${what} as of the last moment before anything of the change was recorded; null where there was none.`;
const AFTER = (what: string): string =>
  `The ${what} as of the moment when the change had taken effect, with all that was recorded at once.`;

@Resolver(() => HistoryRole)
export class HistoryRoleFields {
  @FieldResolver(() => Role, { nullable: true, description: `${BEFORE('role')} Needs \`roles/view\`.` })
  @Guarded(VIEW_ROLES)
  @Cost({ work: SIDE_WORK })
  @Resolved()
  before(@Root() { role, then }: HistoryRole): Promise<Role | null> {
    return roleById(then.before, role);
  }

  @FieldResolver(() => Role, { nullable: true, description: `${AFTER('role')} Needs \`roles/view\`.` })
  @Guarded(VIEW_ROLES)
  @Cost({ work: SIDE_WORK })
  @Resolved()
  after(@Root() { role, then }: HistoryRole): Promise<Role | null> {
    return roleById(then.after, role);
  }
}

@Resolver(() => HistoryUser)
export class HistoryUserFields {
  @FieldResolver(() => User, { nullable: true, description: `${BEFORE('user')} Needs \`users/view\`.` })
  @Guarded(VIEW_USERS)
  @Cost({ work: SIDE_WORK })
  @Resolved()
  before(@Root() { user, then }: HistoryUser): Promise<User | null> {
    return userById(then.before, user);
  }

  @FieldResolver(() => User, { nullable: true, description: `${AFTER('user')} Needs \`users/view\`.` })
  @Guarded(VIEW_USERS)
  @Cost({ work: SIDE_WORK })
  @Resolved()
  after(@Root() { user, then }: HistoryUser): Promise<User | null> {
    return userById(then.after, user);
  }
}
