import { Field, InputType } from 'type-graphql';
import { MutationInput, PlainText } from '../mutation/input';

@InputType({ description: 'A feature to enable in the account.' })
export class EnableFeatureInput extends MutationInput {
  @Field(() => String, { description: 'Key of the feature.' })
  @PlainText()
  feature!: string;
}

@InputType({ description: 'A feature to disable in the account.' })
export class DisableFeatureInput extends MutationInput {
  @Field(() => String, { description: 'Key of the feature.' })
  @PlainText()
  feature!: string;
}
