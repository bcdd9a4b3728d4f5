import { IsOptional, ValidateNested } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import { JudgedText, MutationInput } from '../mutation/input.type';
import { Payload, type Settled } from '../mutation/payload.type';
import { IdentityInput } from './user-identity.type';
import { User, userById, UserKind } from './user.type';

@InputType({ description: 'A user to register.' })
export class RegisterUserInput extends MutationInput {
  @Field(() => String, {
    description:
      'Name that the user signs in with: 1 to 200 characters, unique in the account, ignoring case, Unicode form and invisible characters. White space around it and invisible characters without effect are left out.',
  })
  @JudgedText()
  username!: string;

  @Field(() => String, { nullable: true, description: 'Display name of the user; left out: the username.' })
  @IsOptional()
  @JudgedText()
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Id by which another directory of the company (personnel, identity provider, SCIM) knows the user: 1 to 200 characters of one line, unique in the account, case included (`EXTERNAL_ID_TAKEN`). White space around it and invisible characters without effect are left out, and it is recorded in Unicode’s form NFC. Left out or null: none. It is encrypted and erased as the name is.',
  })
  @IsOptional()
  @JudgedText()
  externalId?: string | null;

  @Field(() => IdentityInput, {
    nullable: true,
    description:
      'Identity to link to the user, as `linkUserIdentity` does; left out or null: none. A registration that is repeated links none.',
  })
  @IsOptional()
  @ValidateNested()
  identity?: IdentityInput | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Global id to give to the user, e.g. `User:ana`; left out: one is generated.',
  })
  id?: string | null;

  @Field(() => UserKind, {
    nullable: true,
    description: 'Kind of the user, which never changes; left out or null: a person.',
  })
  kind?: UserKind | null;
}

/** Base of the inputs that change a user who exists. */
@InputType()
export abstract class UserChangeInput extends MutationInput {
  @Field(() => ID, { description: 'Global id of the user.' })
  id!: string;
}

@InputType({ description: 'Changes of a user. Fields that are left out stay as they are.' })
export class UpdateUserInput extends UserChangeInput {
  @Field(() => String, { nullable: true, description: 'New username; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'New name; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'New external id; left out: it stays; null: the user has none from now on.',
  })
  @IsOptional()
  @JudgedText()
  externalId?: string | null;
}

@InputType({ description: 'A user to deactivate: the roles are kept and have no effect.' })
export class DeactivateUserInput extends UserChangeInput {}

@InputType({ description: 'A user to reactivate: the roles kept have effect again.' })
export class ReactivateUserInput extends UserChangeInput {}

@InputType({ description: 'A sign-in to record.' })
export class RecordLoginInput extends UserChangeInput {
  @Field(() => Date, {
    nullable: true,
    description: 'Time of the sign-in, not in the future; left out: now.',
  })
  at?: Date | null;
}

@ObjectType({ simpleResolvers: true, description: 'Result of a change of a user.' })
export class UserPayload extends Payload {
  @Field(() => User, {
    nullable: true,
    description: 'The user as of now; null where nothing was changed, and while `projected` is false.',
  })
  user: User | null = null;
}

export async function userPayload<P extends UserPayload>({ changed }: Settled, payload: P): Promise<P> {
  return Object.assign(payload, { user: changed && (await userById(changed.moment, changed.owner.id)) });
}

@Resolver()
export class UserMutations {
  @Mutation(() => UserPayload, {
    description:
      'Registers a user in the account: a person, or a service user, who calls by API keys. Needs `users/manage`.',
  })
  async registerUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => RegisterUserInput, { description: 'The user.' }) input: RegisterUserInput,
  ): Promise<UserPayload> {
    const { username, name, externalId, kind, identity } = input;
    const settled = await execute(context, input, (ids) => ({
      type: 'registerUser',
      username,
      name,
      externalId,
      identity: identity && { issuer: identity.issuer, subject: identity.subject },
      user: ids.fresh(input.id, 'id'),
      kind: kind ?? undefined,
    }));
    return userPayload(settled, new UserPayload(settled));
  }

  @Mutation(() => UserPayload, {
    description:
      'Changes the username, the name or the external id of a user. Needs `users/manage`; the username and the external id of somebody whose roles grant privileged permissions also those (`ESCALATION`).',
  })
  updateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateUserInput, { description: 'The changes to make.' }) input: UpdateUserInput,
  ): Promise<UserPayload> {
    const { username, name, externalId } = input;
    return change(context, input, (user) => ({ type: 'updateUser', user, username, name, externalId }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Takes all effect from the roles of a user, who keeps them, the account admin’s included; not oneself, not the last active account admin. Needs `users/manage`, and every privileged permission that the user’s roles grant.',
  })
  deactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeactivateUserInput, { description: 'The user to deactivate.' })
    input: DeactivateUserInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'deactivateUser', user }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Gives the roles of a user effect again, as they are by now. Needs `users/manage`, and every privileged permission that these grant.',
  })
  reactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReactivateUserInput, { description: 'The user to reactivate.' })
    input: ReactivateUserInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'reactivateUser', user }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Records that a person signed in somewhere; of a service user it is refused (`SERVICE_USER`). Needs `users/manage`.',
  })
  recordLogin(
    @Ctx() context: RequestContext,
    @Arg('input', () => RecordLoginInput, { description: 'The sign-in to record.' }) input: RecordLoginInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'recordLogin', user, at: input.at }));
  }
}

/** Executes a command on a user, and reads the user as of then. */
export async function change(
  context: RequestContext,
  input: UserChangeInput,
  command: (user: string) => Command,
): Promise<UserPayload> {
  const settled = await execute(context, input, (ids) => command(ids.target('User', input.id, 'id')));
  return userPayload(settled, new UserPayload(settled));
}
