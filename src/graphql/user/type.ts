import { Arg, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { UserRow } from '../../../projections/view';
import { AS_OF, AsOfInput } from '../as-of';
import { globalId } from '../ids';
import { Cost } from '../limits/field-cost';
import type { PinnedView } from '../pinned-view';
import { Node } from '../node/type';
import type { Ref } from '../ref';
import { Role, rolesById } from '../role/type';
import { EffectivePermissions } from './effective';

export const UserStatus = { ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE' } as const;
export type UserStatus = keyof typeof UserStatus;
registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Whether a user’s roles have effect.',
  valuesConfig: {
    ACTIVE: { description: 'The roles held have effect.' },
    INACTIVE: { description: 'The roles are kept and have no effect.' },
  },
});

/** What `asOf` of a nested field means. */
const NESTED_AS_OF = `${AS_OF.replace('the present', 'the moment of the user')}`;

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A person of the account.' })
export class User implements Node {
  constructor(
    readonly row: UserRow,
    readonly moment: PinnedView,
  ) {}

  @Field(() => ID, { description: 'Global id, e.g. `User:ana`.' })
  get id(): string {
    return globalId('User', this.row.id);
  }

  @Field(() => String, { description: 'What the user signs in with; unique in the account, ignoring case.' })
  get username(): string {
    return this.row.username;
  }

  @Field(() => String, { description: 'What people call the user.' })
  get name(): string {
    return this.row.name;
  }

  @Field(() => UserStatus, { description: 'Whether the roles held have effect.' })
  get status(): UserStatus {
    return this.row.status;
  }

  @Field(() => Date, {
    nullable: true,
    description: 'The latest known sign-in, whatever moment the answer is about; null if there was none.',
  })
  get lastLoginAt(): Date | null {
    return this.row.lastLoginAt;
  }

  @Field(() => [Role], { description: 'Roles held: default roles in the catalogue’s order, then by name.' })
  @Cost({ work: 10, size: 5 })
  async roles(
    @Arg('asOf', () => AsOfInput, { nullable: true, description: NESTED_AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Ref<Role>[]> {
    const moment = await this.moment.request.at(asOf, this.moment);
    return rolesById(moment, (await moment.rolesOf.load(this.row.id)) ?? []);
  }

  @Field(() => EffectivePermissions, {
    description: 'What the user may do, and through which roles; and what is withheld, and why.',
  })
  @Cost({ work: 400 })
  async effectivePermissions(
    @Arg('asOf', () => AsOfInput, { nullable: true, description: NESTED_AS_OF }) asOf?: AsOfInput | null,
  ): Promise<Ref<EffectivePermissions>> {
    const moment = await this.moment.request.at(asOf, this.moment);
    return new EffectivePermissions(await moment.effective.load(this.row.id), moment);
  }
}
