import { GraphQLScalarType, Kind } from 'graphql';
import type { Position } from '../event-store/port/event-store';
import { PositionError, type PositionCodec } from '../shared/position-codec';
import { badInput, requestError } from './errors';

/** @throws RequestError `BAD_USER_INPUT`, `POSITION_OF_ANOTHER_STORE` */
export function decodePosition(positions: PositionCodec, text: string): Position {
  try {
    return positions.decode(text);
  } catch (error) {
    throw error instanceof PositionError ? requestError(error.code, error.message) : error;
  }
}

const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw badInput('A position is a text.');
};

/** Travels as text; the request decodes it, for only there is the store known. */
export const PositionScalar = new GraphQLScalarType<string, string>({
  name: 'Position',
  description:
    'An opaque place in the log of events. A mutation returns one, `asOf` reads at one, the header `Rolebook-Min-Position` waits for one.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : null),
});
