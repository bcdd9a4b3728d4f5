import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Anything that `node(id:)` finds under its global id.' })
export abstract class Node {
  @Field(() => ID, { description: 'Global id, readable: `<Type>:<id>`.' })
  readonly id!: string;
}
