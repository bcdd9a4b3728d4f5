import { IsOptional } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { JudgedText, MutationInput } from '../mutation/input';

const USER_ID = 'Global id of the user.';

@InputType({ description: 'A user to register.' })
export class RegisterUserInput extends MutationInput {
  @Field(() => String, {
    description:
      'What the user signs in with: 1 to 200 characters, unique in the account, ignoring case, Unicode form and invisible characters. White space around it and invisible characters without effect are left out.',
  })
  @JudgedText()
  username!: string;

  @Field(() => String, { nullable: true, description: 'What people call the user; left out: the username.' })
  @IsOptional()
  @JudgedText()
  name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The global id that the user shall have, e.g. `User:ana`; left out: one is made up.',
  })
  id?: string | null;
}

@InputType({ description: 'What to change of a user. What is left out stays.' })
export class UpdateUserInput extends MutationInput {
  @Field(() => ID, { description: USER_ID })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New username; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'New name; left out: it stays.' })
  @IsOptional()
  @JudgedText()
  name?: string | null;
}

@InputType({ description: 'A user to deactivate: the roles are kept and have no effect.' })
export class DeactivateUserInput extends MutationInput {
  @Field(() => ID, { description: USER_ID })
  id!: string;
}

@InputType({ description: 'A user to reactivate: the roles kept have effect again.' })
export class ReactivateUserInput extends MutationInput {
  @Field(() => ID, { description: USER_ID })
  id!: string;
}

@InputType({ description: 'A sign-in to record.' })
export class RecordLoginInput extends MutationInput {
  @Field(() => ID, { description: USER_ID })
  id!: string;

  @Field(() => Date, { nullable: true, description: 'When it was, not in the future; left out: now.' })
  at?: Date | null;
}
