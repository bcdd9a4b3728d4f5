import { Type, type TObject, type TProperties } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { userEvents, type UserEvent } from './events';

/**
 * Events of a user as readers get them: personal fields are null once nobody can read them any more, because the user
 * was erased, or a key was lost. What is written always has them.
 */

const closed = { additionalProperties: false } as const;

const { username, name, ...registered } = userEvents.UserRegistered.properties;
const { from, to, ...changed } = userEvents.UserProfileChanged.properties;

const orNull = <T extends TProperties[string]>(schema: T) => Type.Union([schema, Type.Null()]);
const PlainProfile = (profile: typeof from) =>
  Type.Object(
    { username: orNull(profile.properties.username), name: orNull(profile.properties.name) },
    { ...closed, description: profile.description },
  );

export const plainUserEvents = {
  UserRegistered: Type.Object({ ...registered, username: orNull(username), name: orNull(name) }, closed),
  UserProfileChanged: Type.Object({ ...changed, from: PlainProfile(from), to: PlainProfile(to) }, closed),
} as const satisfies { readonly [Type in UserEvent['type']]?: TObject };

export type PlainUserEvent =
  Exclude<UserEvent, { readonly type: keyof typeof plainUserEvents }> | EventOf<typeof plainUserEvents>;

/** Names of a user, null where they cannot be read any more. */
export interface PlainProfile {
  readonly username: string | null;
  readonly name: string | null;
}
