import { Field, registerEnumType } from 'type-graphql';

/** Orders of lists. */

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
export type OrderDirection = keyof typeof OrderDirection;
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description:
    'Directions of an order. In both, what is equal is by name, A first, and what has no value comes last.',
  valuesConfig: {
    ASC: { description: 'The least first: A before Z, 1 before 2, earlier before later.' },
    DESC: { description: 'The greatest first.' },
  },
});

/** The direction in an input of an order. */
export const DirectionField = (): PropertyDecorator =>
  Field(() => OrderDirection, { defaultValue: 'ASC', description: 'Direction of the order.' });
