import { Field, ID, InputType } from 'type-graphql';
import type { View } from '../../../projections/view';
import { badInput } from '../errors';
import { idOf } from '../global-id';
import type { PinnedView } from '../pinned-view';
import { IdentityInput } from './user-identity.type';

@InputType({ description: 'A user, by exactly one of id, username, external id or identity.' })
export class UserRef {
  @Field(() => ID, { nullable: true, description: 'Global id of the user; a moment in it is passed over.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Username, ignoring case.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'External id, case included.' })
  externalId?: string | null;

  @Field(() => IdentityInput, {
    nullable: true,
    description: 'Identity linked to the user, as in a token that the user signs in with.',
  })
  identity?: IdentityInput | null;
}

/**
 * Ids of the users named, in the order of the refs; null where the view has no user of that username, external id or
 * identity, and for the id of another type. All are looked up together. An id is not looked up.
 * @throws GraphQLError `BAD_USER_INPUT` for a ref of none or several names
 */
export function usersNamed(moment: PinnedView, refs: readonly UserRef[]): (string | null)[] {
  for (const { id, username, externalId, identity } of refs) {
    if ([id, username, externalId, identity].filter((each) => each != null).length !== 1)
      throw badInput('A user is named by either id, username, external id or identity.');
  }
  return usersFound(
    moment.view,
    refs.map((ref) => ({ ...ref, id: ref.id == null ? null : idOf('User', ref.id) })),
  );
}

/** A name of a user, of which one is given. The id is bare. */
export type UserName = { readonly [Field in keyof UserRef]?: UserRef[Field] };

/** Ids of users in the order of their names, looked up together; null for a name that is nobody's, or is none. */
export function usersFound(
  view: Pick<View, 'userIds' | 'userIdsByExternalId' | 'userIdsByIdentity'>,
  names: readonly UserName[],
): (string | null)[] {
  const given = (field: 'username' | 'externalId'): string[] => [
    ...new Set(names.flatMap((name) => name[field] ?? [])),
  ];
  const [usernames, externalIds] = [given('username'), given('externalId')];
  const byUsername = usernames.length === 0 ? NOBODY : view.userIds(usernames);
  const byExternalId = externalIds.length === 0 ? NOBODY : view.userIdsByExternalId(externalIds);
  const identities = names.flatMap(({ identity }) => identity ?? []);
  const found = identities.length === 0 ? [] : view.userIdsByIdentity(identities);
  const byIdentity = new Map(identities.map((identity, index) => [identity, found[index]]));
  return names.map(({ id, username, externalId, identity }) => {
    if (identity != null) return byIdentity.get(identity) ?? null;
    if (username != null) return byUsername.get(username) ?? null;
    return externalId == null ? (id ?? null) : (byExternalId.get(externalId) ?? null);
  });
}

const NOBODY: ReadonlyMap<string, string> = new Map();
