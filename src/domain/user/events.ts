import { Type, type TSchema } from '@sinclair/typebox';
import type { EventOf } from '../event-of';
import { asLogged, asRead, inClear, type PersonalText } from '../sealed-text';
import { data, ID_PATTERN, UserId } from '../vocabulary';

const LONGEST = 200;
/** Longest issuer and longest subject, in characters. OpenID Connect limits a subject to 255, and a URL in nothing. */
export const LONGEST_ISSUER = 300;
export const LONGEST_SUBJECT = 255;
/** Longest name of an API key, in characters. */
export const LONGEST_API_KEY_NAME = 100;
/** Patterns of what is recorded of an API key. */
export const API_KEY_PREFIX = '^rbk_[0-9A-Za-z]{4}$';
export const API_KEY_HASH = '^[0-9a-f]{64}$';

/** Events of how a user signs in, with personal texts in one form. */
const signInDefinitions = <Name extends TSchema>(name: PersonalText<Name>) => {
  const keyName = name({
    minLength: 1,
    maxLength: LONGEST_API_KEY_NAME,
    description:
      'Name of the key, by which people know what uses it. Encrypted and erased as the names of the user are.',
  });
  return {
    ApiKeyCreated: data(
      {
        user: UserId,
        apiKey: ApiKeyId,
        name: keyName,
        prefix: Type.String({
          pattern: API_KEY_PREFIX,
          description: 'Beginning of the key, by which people tell keys apart.',
        }),
        hash: Type.String({
          pattern: API_KEY_HASH,
          description: 'SHA-256 of the text of the key, hex. The text itself is recorded nowhere.',
        }),
        expiresAt: Type.String({ format: 'date-time', description: 'Time from which the key is refused.' }),
      },
      'A service user got an API key, by which a program may call as this user until it expires.',
    ),
    UserIdentityLinked: data(
      {
        user: UserId,
        issuer: Issuer,
        subject: name({
          minLength: 1,
          maxLength: LONGEST_SUBJECT,
          description: 'Subject by which the issuer knows the user. Personal data.',
        }),
        identityClaim: IdentityClaim,
      },
      'An identity of an issuer of tokens was linked to the user, who can sign in with it from now on.',
    ),
  } as const;
};

/** Events of a user with personal texts in one form. */
const definitions = <Username extends TSchema, Name extends TSchema>(
  username: PersonalText<Username>,
  name: PersonalText<Name>,
) => {
  const externalId = username({
    minLength: 1,
    maxLength: LONGEST,
    description: 'Id by which another directory of the company knows the user; absent where there is none.',
  });
  const profile = {
    username: username({ minLength: 1, maxLength: LONGEST }),
    name: name({ maxLength: LONGEST }),
    externalId: Type.Optional(externalId),
  };
  const description = 'Display name of a person. Personal data, found in user streams only.';
  const Profile = Type.Object(profile, { additionalProperties: false, description });
  const former = {
    username: Type.Union([profile.username, Type.Null()], {
      description: 'Null: it could not be decrypted.',
    }),
    name: Type.Union([profile.name, Type.Null()], { description: 'Null: it could not be decrypted.' }),
    externalId: Type.Optional(
      Type.Union([externalId, Type.Null()], {
        description: 'Null: it could not be decrypted; absent: there was none.',
      }),
    ),
  };
  const Former = Type.Object(former, { additionalProperties: false, description });
  return {
    UserRegistered: data(
      { user: UserId, ...profile, claims: Claims, externalIdClaim: ExternalIdClaim, kind: Kind },
      'A user was registered in the account.',
    ),
    UserProfileChanged: data(
      { user: UserId, from: Former, to: Profile, claims: Claims, externalIdClaim: ExternalIdClaim },
      'The username, the name or the external id of a user changed.',
    ),
    ...signInDefinitions(name),
  } as const;
};

const Kind = Type.Optional(
  Type.Literal('SERVICE', {
    description: 'Present for a service user, a program; absent for a person. It never changes.',
  }),
);

const ApiKeyId = Type.String({
  pattern: ID_PATTERN,
  description: 'Id of an API key, unique in its account.',
});

const CLAIM_PATTERN = '^[A-Za-z0-9_-]{43}$';

const Claims = Type.Optional(
  Type.Array(Type.String({ pattern: CLAIM_PATTERN }), {
    maxItems: 2,
    description:
      'Ids of the claims on the username that the user has from now on; absent where the log holds usernames in clear.',
  }),
);

const ExternalIdClaim = Type.Optional(
  Type.String({
    pattern: CLAIM_PATTERN,
    description:
      'Id of the claim on the external id that the user has from now on; absent where there is none.',
  }),
);

const Issuer = Type.String({
  minLength: 1,
  maxLength: LONGEST_ISSUER,
  description: 'URL of the issuer, as its tokens name it.',
});

const IdentityClaim = Type.String({
  pattern: CLAIM_PATTERN,
  description: 'Id of the claim on the identity; the same when it is unlinked.',
});

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
    'A user was erased: names, usernames, external ids and subjects of identities are not kept, the roles end, and nothing is changed under the id again.',
  ),
  UsernameReleased: data(
    { user: UserId },
    'The username, the external id and the identities of an erased user, which were kept from others until then, may be given to users again.',
  ),
  UserIdentityUnlinked: data(
    { user: UserId, issuer: Issuer, identityClaim: IdentityClaim },
    'An identity is not the user’s any more; `UserIdentityLinked` of the same claim says which.',
  ),
  ApiKeyRevoked: data(
    { user: UserId, apiKey: ApiKeyId },
    'An API key of a service user was revoked: it is refused from now on.',
  ),
} as const;

/** Those that carry personal texts, as a log holds them. */
export const loggedUserEvents = definitions(asLogged, asLogged);
/** The same as readers get them. */
export const readUserEvents = definitions(asRead, asRead);

export type UserEvent = EventOf<typeof userEvents>;
type OfOtherForm<Events> = Events | Exclude<UserEvent, { type: keyof typeof loggedUserEvents }>;
/** Event as a log holds it. */
export type LoggedUserEvent = OfOtherForm<EventOf<typeof loggedUserEvents>>;
/** Event as readers get it. */
export type ReadUserEvent = OfOtherForm<EventOf<typeof readUserEvents>>;
/** Names of a user as readers get them: null once nobody can read them any more. */
export interface ReadProfile {
  readonly username: string | null;
  readonly name: string | null;
  /** Left out: the user has none. */
  readonly externalId?: string | null;
}
export interface UserProfile {
  readonly username: string;
  readonly name: string;
  /** Id by which another directory of the company knows the user; null, or left out at a registration: none. */
  readonly externalId?: string | null;
}
/** Kinds of users: a person signs in, a service calls by API keys. */
export type UserKind = 'PERSON' | 'SERVICE';
/** Identity that an issuer of tokens knows a person or a service by; the two together are unique, and never change hands. */
export interface ExternalIdentity {
  /** URL of the issuer, as its tokens name it. */
  readonly issuer: string;
  /** Subject, an opaque text of the issuer. */
  readonly subject: string;
}
/** An identity, and the id of the claim on it. */
export interface ClaimedIdentity extends ExternalIdentity {
  readonly claim: string;
}
