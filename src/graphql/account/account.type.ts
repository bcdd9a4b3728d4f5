import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { MANAGE_USERS } from '../caller';
import { globalId, Node } from '../global-id';
import { Guarded } from '../guard';
import { Cost } from '../limits/field-cost';
import { Moment, SHOWN_AS_OF } from '../moment.type';
import { Feature } from '../permission/permission.type';
import type { PinnedView } from '../pinned-view';
import { UnlinkedIdentity, unlinkedIdentity } from '../user/unlinked-identity.type';

/** Permission that each action needs, in the order of the answer. */
const ACTIONS = {
  VIEW_ROLES: 'roles/view',
  CREATE_ROLE: 'roles/manage',
  ASSIGN_USERS: 'roles/assign',
  VIEW_USERS: 'users/view',
  MANAGE_USERS: 'users/manage',
  ERASE_USERS: 'users/erase',
  MANAGE_FEATURES: 'accounts/manage',
  VIEW_HISTORY: 'audit-log/view',
} as const;
export type AccountAction = keyof typeof ACTIONS;
export const AccountAction = Object.fromEntries(Object.keys(ACTIONS).map((key) => [key, key])) as {
  [Action in AccountAction]: Action;
};
registerEnumType(AccountAction, {
  name: 'AccountAction',
  description: 'Actions that a caller may take in the account.',
  valuesConfig: {
    VIEW_ROLES: { description: 'See roles, their permissions and users. Needs `roles/view`.' },
    CREATE_ROLE: { description: 'Create and change custom roles. Needs `roles/manage`.' },
    ASSIGN_USERS: { description: 'Assign users to roles and unassign them. Needs `roles/assign`.' },
    VIEW_USERS: { description: 'See the users. Needs `users/view`.' },
    MANAGE_USERS: { description: 'Register, change, deactivate and reactivate users. Needs `users/manage`.' },
    ERASE_USERS: { description: 'Erase users for ever and release their usernames. Needs `users/erase`.' },
    MANAGE_FEATURES: { description: 'Enable and disable features. Needs `accounts/manage`.' },
    VIEW_HISTORY: { description: 'See who changed what. Needs `audit-log/view`.' },
  },
});

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'The tenant that the caller’s token names. Nothing is ever visible across accounts.',
})
export class Account implements Node {
  constructor(private readonly moment: PinnedView) {}

  @Field(() => ID, {
    description: 'Global id, e.g. `Account:demo`; of the account as of the past `Account:demo@<position>`.',
  })
  get id(): string {
    return this.moment.globalId('Account', this.moment.view.account);
  }

  @Field(() => ID, { description: 'Global id without the moment: that of the account now.' })
  get key(): string {
    return globalId('Account', this.moment.view.account);
  }

  @Field(() => Moment, { nullable: true, description: SHOWN_AS_OF })
  get asOf(): Moment | null {
    return this.moment.asOf;
  }

  @Field(() => Account, { nullable: true, description: 'The account as of now; never null.' })
  get current(): Account {
    return this.asOf === null ? this : new Account(this.moment.request.now);
  }

  @Field(() => String, { description: 'Display name of the account.' })
  get name(): string {
    return this.moment.accountInfo?.name ?? this.moment.view.account;
  }

  @Field(() => [Feature], { description: 'Every feature of the catalogue, enabled or not.' })
  @Cost({ size: 40 })
  get features(): Feature[] {
    const { features } = this.moment.catalogue.content;
    return features
      .filter(({ key, retired }) => !retired || this.moment.isEnabled(key))
      .map((row) => new Feature(this.moment, row));
  }

  @Field(() => [UnlinkedIdentity], {
    nullable: true,
    description:
      'Identities whose sound access tokens the answering replica refused in the last seven days since they are linked to no user: at most 100, the latest first. None where tokens are of the command line, and as of the past. Needs `users/manage`.',
  })
  @Guarded(MANAGE_USERS)
  @Cost({ size: 10, work: 100 })
  unlinkedIdentities(): UnlinkedIdentity[] {
    return this.asOf === null ? this.moment.request.unlinkedPersons().map(unlinkedIdentity) : [];
  }

  @Field(() => [AccountAction], {
    description: 'Actions that this caller may take in the account; none in the account as of the past.',
  })
  get allowedActions(): AccountAction[] {
    const { caller } = this.moment.request;
    if (this.asOf !== null) return [];
    return (Object.keys(ACTIONS) as AccountAction[]).filter((action) => caller.may(ACTIONS[action]));
  }
}
