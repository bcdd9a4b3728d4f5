import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Command } from '../../commands/command';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import type { MutationInput } from '../mutation/input';
import {
  DeactivateUserInput,
  ReactivateUserInput,
  RecordLoginInput,
  RegisterUserInput,
  UpdateUserInput,
} from './inputs';
import { UserPayload, userPayload } from './payload';

@Resolver()
export class UserMutations {
  @Mutation(() => UserPayload, { description: 'Makes a user known to the account. Needs `users/manage`.' })
  async registerUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => RegisterUserInput, { description: 'The user.' }) input: RegisterUserInput,
  ): Promise<UserPayload> {
    const { username, name } = input;
    const settled = await execute(context, input, (ids) => ({
      type: 'registerUser',
      username,
      name,
      user: ids.fresh(input.id, 'id'),
    }));
    return userPayload(settled);
  }

  @Mutation(() => UserPayload, {
    description:
      'Changes the username or the name of a user. Needs `users/manage`; the username of somebody whose roles grant privileged permissions also those (`ESCALATION`).',
  })
  updateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateUserInput, { description: 'What to change.' }) input: UpdateUserInput,
  ): Promise<UserPayload> {
    const { username, name } = input;
    return change(context, input, (user) => ({ type: 'updateUser', user, username, name }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Takes all effect from the roles of a user, who keeps them, the account admin’s included; not oneself, not the last active account admin. Needs `users/manage`, and every privileged permission that the user’s roles grant.',
  })
  deactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeactivateUserInput, { description: 'Whom.' }) input: DeactivateUserInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'deactivateUser', user }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Gives the roles of a user effect again, as they are by now. Needs `users/manage`, and every privileged permission that these grant.',
  })
  reactivateUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReactivateUserInput, { description: 'Whom.' }) input: ReactivateUserInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'reactivateUser', user }));
  }

  @Mutation(() => UserPayload, {
    description: 'Records that a user signed in somewhere. Needs `users/manage`.',
  })
  recordLogin(
    @Ctx() context: RequestContext,
    @Arg('input', () => RecordLoginInput, { description: 'Who, and when.' }) input: RecordLoginInput,
  ): Promise<UserPayload> {
    return change(context, input, (user) => ({ type: 'recordLogin', user, at: input.at }));
  }
}

async function change(
  context: RequestContext,
  input: MutationInput & { readonly id: string },
  command: (user: string) => Command,
): Promise<UserPayload> {
  return userPayload(await execute(context, input, (ids) => command(ids.target('User', input.id, 'id'))));
}
