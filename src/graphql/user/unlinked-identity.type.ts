import { Field, ObjectType } from 'type-graphql';
import type { ExternalIdentity } from '../../domain/user/events';

/** A person who was refused since the identity of a sound token is linked to no user of the account. */
export interface UnlinkedPerson {
  readonly identity: ExternalIdentity;
  /** Username and name in the claims; null where they have none. */
  readonly username: string | null;
  readonly name: string | null;
  /** Code of why no user was registered. */
  readonly why: string;
  readonly at: Date;
}

/** Persons whom this replica refused lately, for want of a link. */
export interface UnlinkedPersons {
  /** The latest first. */
  of(account: string): readonly UnlinkedPerson[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Identity in a sound access token of an issuer that is linked to no user of the account (`IDENTITY_UNLINKED`): whoever bears it is refused until `linkUserIdentity` links it.',
})
export class UnlinkedIdentity {
  @Field(() => String, { description: 'URL of the issuer, as its tokens name it (`iss`).' })
  issuer!: string;

  @Field(() => String, { description: 'Subject by which the issuer knows the person.' })
  subject!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Username in the token (`preferred_username`), as the issuer states it; null where it has none.',
  })
  username!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name in the token, as the issuer states it; null where it has none.',
  })
  name!: string | null;

  @Field(() => String, {
    description:
      'Code of why no user was registered: `UNKNOWN` where registration at sign-in is off, `NO_USERNAME` where the token has none, `UNLINKED` of whom was unlinked or erased since, else that of the refusal of `registerUser`, e.g. `USERNAME_TAKEN`.',
  })
  why!: string;

  @Field(() => Date, { description: 'Time of the latest attempt.' })
  lastAttemptAt!: Date;
}

export const unlinkedIdentity = ({ identity, username, name, why, at }: UnlinkedPerson): UnlinkedIdentity =>
  Object.assign(new UnlinkedIdentity(), { ...identity, username, name, why, lastAttemptAt: at });
