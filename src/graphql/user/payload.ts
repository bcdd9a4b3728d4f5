import { Field, ObjectType } from 'type-graphql';
import type { Settled } from '../mutation/execute';
import { Payload } from '../mutation/payload';
import type { Ref } from '../ref';
import { User } from './type';

@ObjectType({ simpleResolvers: true, description: 'What came of a change of a user.' })
export class UserPayload extends Payload {
  @Field(() => User, {
    nullable: true,
    description: 'The user as of now; null where nothing was changed, and while `projected` is false.',
  })
  user: Ref<User> | null = null;
}

export async function userPayload(settled: Settled): Promise<UserPayload> {
  const { changed } = settled;
  const row = changed && (await changed.moment.users.load(changed.owner.id));
  return Object.assign(new UserPayload(settled), {
    user: changed && row ? new User(row, changed.moment) : null,
  });
}
