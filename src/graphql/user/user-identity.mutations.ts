import { Arg, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import type { RequestContext } from '../context';
import { JudgedText } from '../mutation/input.type';
import { change, UserChangeInput, UserPayload } from './user.mutations';

@InputType()
abstract class IdentityChangeInput extends UserChangeInput {
  @Field(() => String, { description: 'URL of the issuer, as in `IdentityInput`.' })
  @JudgedText()
  issuer!: string;

  @Field(() => String, { description: 'Subject by which the issuer knows the user, as in `IdentityInput`.' })
  @JudgedText()
  subject!: string;
}

@InputType({ description: 'An identity to link to a user.' })
export class LinkUserIdentityInput extends IdentityChangeInput {}

@InputType({ description: 'An identity to unlink from a user.' })
export class UnlinkUserIdentityInput extends IdentityChangeInput {}

@Resolver()
export class UserIdentityMutations {
  @Mutation(() => UserPayload, {
    description:
      'Links an identity to a user: whoever signs in at the issuer under the subject is this user from then on. One user’s at a time (`IDENTITY_TAKEN`), 20 at most a user; one that an erased user had is kept from others until the username is released (`IDENTITY_SUPPRESSED`). Needs `users/manage`, and every privileged permission that the user’s roles grant (`ESCALATION`).',
  })
  linkUserIdentity(
    @Ctx() context: RequestContext,
    @Arg('input', () => LinkUserIdentityInput, { description: 'The user and the identity.' })
    input: LinkUserIdentityInput,
  ): Promise<UserPayload> {
    const { issuer, subject } = input;
    return change(context, input, (user) => ({ type: 'linkUserIdentity', user, issuer, subject }));
  }

  @Mutation(() => UserPayload, {
    description:
      'Unlinks an identity from a user, who cannot sign in with it any more; it may be linked to another user then. Not the last one of oneself (`SELF_UNLINKING`). Needs `users/manage`, and every privileged permission that the user’s roles grant (`ESCALATION`).',
  })
  unlinkUserIdentity(
    @Ctx() context: RequestContext,
    @Arg('input', () => UnlinkUserIdentityInput, { description: 'The user and the identity.' })
    input: UnlinkUserIdentityInput,
  ): Promise<UserPayload> {
    const { issuer, subject } = input;
    return change(context, input, (user) => ({ type: 'unlinkUserIdentity', user, issuer, subject }));
  }
}
