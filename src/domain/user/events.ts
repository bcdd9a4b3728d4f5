import { Type, type TSchema } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { asLogged, asRead, inClear, type PersonalText } from '../sealed-text';
import { data, UserId } from '../vocabulary';

const LONGEST = 200;

/** Events of a user with personal texts in one form. */
const definitions = <Username extends TSchema, Name extends TSchema>(
  username: PersonalText<Username>,
  name: PersonalText<Name>,
) => {
  const profile = {
    username: username({ minLength: 1, maxLength: LONGEST }),
    name: name({ maxLength: LONGEST }),
  };
  const description = 'Display name of a person. Personal data, found in user streams only.';
  const Profile = Type.Object(profile, { additionalProperties: false, description });
  const former = {
    username: Type.Union([profile.username, Type.Null()], {
      description: 'Null: it could not be decrypted.',
    }),
    name: Type.Union([profile.name, Type.Null()], { description: 'Null: it could not be decrypted.' }),
  };
  const Former = Type.Object(former, { additionalProperties: false, description });
  return {
    UserRegistered: data(
      { user: UserId, ...profile, claims: Claims },
      'A user was registered in the account.',
    ),
    UserProfileChanged: data(
      { user: UserId, from: Former, to: Profile, claims: Claims },
      'The username or the name of a user changed.',
    ),
  } as const;
};

const Claims = Type.Optional(
  Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }), {
    maxItems: 2,
    description:
      'Ids of the claims on the username that the user has from now on; absent where the log holds usernames in clear.',
  }),
);

/** Events of a user (stream `rolebook.user-<account>.<user>`). */
export const userEvents = {
  ...definitions(inClear, inClear),
  UserLoggedIn: data(
    {
      user: UserId,
      at: Type.String({ format: 'date-time' }),
      before: Type.Optional(
        Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
          description:
            'The latest sign-in known until then, null for the first; absent where it was not recorded yet.',
        }),
      ),
    },
    'A user signed in somewhere; `at` is the time, possibly before an already known sign-in.',
  ),
  UserDeactivated: data({ user: UserId }, 'A user lost all effect of the roles held, but not the roles.'),
  UserReactivated: data({ user: UserId }, 'A deactivated user is active again.'),
  UserErased: data(
    { user: UserId },
    'A user was erased: names and usernames are not kept, the roles end, and nothing is changed under the id again.',
  ),
  UsernameReleased: data(
    { user: UserId },
    'The username of an erased user, which was kept from others until then, may be registered again.',
  ),
} as const;

/** Those that carry personal texts, as a log holds them. */
export const loggedUserEvents = definitions(asLogged, asLogged);
/** The same as readers get them. */
export const readUserEvents = definitions(asRead, asRead);

export type UserEvent = EventOf<typeof userEvents>;
type OfOtherForm<Events> = Events | Exclude<UserEvent, { type: 'UserRegistered' | 'UserProfileChanged' }>;
/** Event as a log holds it. */
export type LoggedUserEvent = OfOtherForm<EventOf<typeof loggedUserEvents>>;
/** Event as readers get it. */
export type ReadUserEvent = OfOtherForm<EventOf<typeof readUserEvents>>;
/** Names of a user as readers get them: null once nobody can read them any more. */
export interface ReadProfile {
  readonly username: string | null;
  readonly name: string | null;
}
export type UserProfile = { readonly username: string; readonly name: string };
