import { Field, InputType, ObjectType } from 'type-graphql';
import { JudgedText } from '../mutation/input.type';

const ISSUER =
  'URL of the issuer, as its tokens name it (`iss`), compared exactly: a final slash makes it another.';

@ObjectType({
  simpleResolvers: true,
  description:
    'Identity that an issuer of tokens knows a user by: whoever signs in there under the subject is the user here.',
})
export class UserIdentity {
  @Field(() => String, { description: ISSUER })
  issuer!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Subject by which the issuer knows the user (`sub`, or the claim that is configured); null where the key that decrypts it is lost.',
  })
  subject!: string | null;

  @Field(() => Date, { description: 'Time when it was linked to the user.' })
  linkedAt!: Date;
}

@InputType({ description: 'An identity of an issuer of tokens.' })
export class IdentityInput {
  @Field(() => String, {
    description: `${ISSUER} \`https\` or \`http\`, without query and fragment, at most 300 characters.`,
  })
  @JudgedText()
  issuer!: string;

  @Field(() => String, {
    description:
      'Subject by which the issuer knows the user: 1 to 255 characters of one line without white space around them, compared exactly, case included. Never an e-mail address or a username: these change hands.',
  })
  @JudgedText()
  subject!: string;
}
