import { Type } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { data, UserId } from '../vocabulary';

const Profile = Type.Object(
  { username: Type.String({ minLength: 1, maxLength: 200 }), name: Type.String({ maxLength: 200 }) },
  {
    additionalProperties: false,
    description: 'Display name of a person. Personal data, found in user streams only.',
  },
);

/** Events of a user (stream `rolebook.user-<account>.<user>`). */
export const userEvents = {
  UserRegistered: data(
    {
      user: UserId,
      username: Type.String({ minLength: 1, maxLength: 200 }),
      name: Type.String({ maxLength: 200 }),
    },
    'A user was registered in the account.',
  ),
  UserProfileChanged: data(
    { user: UserId, from: Profile, to: Profile },
    'The username or the name of a user changed.',
  ),
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

export type UserEvent = EventOf<typeof userEvents>;
export type UserProfile = { readonly username: string; readonly name: string };
