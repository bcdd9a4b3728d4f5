import { GraphQLScalarType, Kind } from 'graphql';
import type { Position } from '../event-store/event-store';
import { badInput, requestError } from './errors';

const PATTERN = /^([0-9a-z]{1,8})-([0-9a-z]{1,26})$/;

/**
 * Positions as the world sees them: `<first 8 of the store's identity>-<the position in base 36>`. They name their
 * store, so that one of another store is noticed rather than taken for a place in this one.
 */
export class PositionCodec {
  private readonly store: string;

  constructor(storeIdentity: string) {
    this.store = storeIdentity
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .slice(0, 8);
  }

  encode(position: Position): string {
    return `${this.store}-${position.toString(36)}`;
  }

  /** @throws GraphQLError `BAD_USER_INPUT`, `POSITION_OF_ANOTHER_STORE` */
  decode(text: string): Position {
    const [, store, digits] = PATTERN.exec(text) ?? [];
    if (store === undefined || digits === undefined)
      throw badInput('This is not a position. Give one as an answer of Rolebook had it.');
    if (store !== this.store)
      throw requestError(
        'POSITION_OF_ANOTHER_STORE',
        'The position belongs to another event store than this one.',
      );
    return [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
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
