import { Field, ID, InputType } from 'type-graphql';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import type { PinnedView } from '../pinned-view';

@InputType({ description: 'A user, by exactly one of id, username or external id.' })
export class UserRef {
  @Field(() => ID, { nullable: true, description: 'Global id of the user; a moment in it is passed over.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Username, ignoring case.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'External id, case included.' })
  externalId?: string | null;
}

/**
 * Ids of the users named, in the order of the refs; null where the view has no user of that username or external id,
 * and for the id of another type. All are looked up together. An id is not looked up.
 * @throws GraphQLError `BAD_USER_INPUT` for a ref of none or several names
 */
export function usersNamed(moment: PinnedView, refs: readonly UserRef[]): (string | null)[] {
  for (const { id, username, externalId } of refs) {
    if ([id, username, externalId].filter((each) => each != null).length !== 1)
      throw badInput('A user is named by either id, username or external id.');
  }
  const given = (field: 'username' | 'externalId'): string[] => [
    ...new Set(refs.flatMap((ref) => ref[field] ?? [])),
  ];
  const [usernames, externalIds] = [given('username'), given('externalId')];
  const byUsername = usernames.length === 0 ? NOBODY : moment.view.userIds(usernames);
  const byExternalId = externalIds.length === 0 ? NOBODY : moment.view.userIdsByExternalId(externalIds);
  return refs.map(({ id, username, externalId }) => {
    if (username != null) return byUsername.get(username) ?? null;
    return externalId == null ? idOf('User', id ?? '') : (byExternalId.get(externalId) ?? null);
  });
}

const NOBODY: ReadonlyMap<string, string> = new Map();
