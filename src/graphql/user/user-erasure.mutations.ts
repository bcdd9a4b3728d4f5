import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import { JudgedText, MutationInput } from '../mutation/input.type';
import { UserPayload, userPayload } from './user.mutations';

@InputType({ description: 'A user to erase for ever.' })
export class EraseUserInput extends MutationInput {
  @Field(() => ID, { description: 'Global id of the user.' })
  id!: string;
}

@InputType({ description: 'A username to release.' })
export class ReleaseUsernameInput extends MutationInput {
  @Field(() => String, { description: 'Username of an erased user.' })
  @JudgedText()
  username!: string;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Result of the erasure of a user. Where `projected` is true, the names are gone from the files of this replica.',
})
export class EraseUserPayload extends UserPayload {}

@ObjectType({
  simpleResolvers: true,
  description: 'Result of the release of a username; `user` is the erased user who had it.',
})
export class ReleaseUsernamePayload extends UserPayload {}

@Resolver()
export class UserErasureMutations {
  @Mutation(() => EraseUserPayload, {
    description:
      'Erases a user for ever: the names go, from the past too, and the roles end. The id is never used again (`USER_ERASED`), and the username, the external id and the identities are kept from others until the username is released (`USERNAME_SUPPRESSED`, `EXTERNAL_ID_SUPPRESSED`, `IDENTITY_SUPPRESSED`). Not oneself, not the last active account admin. Needs `users/erase`, and every privileged permission that the user’s roles grant. Sent again, it completes an erasure that was interrupted. Where keys of the user are in a damaged segment of the key book, it fails with `KEY_BOOK_CORRUPT` each time until an operator brings the segment back: the erasure is recorded and shown, and those keys are not destroyed yet.',
  })
  async eraseUser(
    @Ctx() context: RequestContext,
    @Arg('input', () => EraseUserInput, { description: 'The user to erase.' }) input: EraseUserInput,
  ): Promise<EraseUserPayload> {
    const settled = await execute(context, input, (ids) => ({
      type: 'eraseUser',
      user: ids.target('User', input.id, 'id'),
    }));
    return userPayload(settled, new EraseUserPayload(settled));
  }

  @Mutation(() => ReleaseUsernamePayload, {
    description:
      'Lets another user be registered under the username that an erased user had, and others have the external id and the identities of that user, since the same person comes back with all of them. Needs `users/erase`.',
  })
  async releaseUsername(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReleaseUsernameInput, { description: 'The username to release.' })
    input: ReleaseUsernameInput,
  ): Promise<ReleaseUsernamePayload> {
    const { username } = input;
    const settled = await execute(context, input, () => ({ type: 'releaseUsername', username }));
    return userPayload(settled, new ReleaseUsernamePayload(settled));
  }
}
