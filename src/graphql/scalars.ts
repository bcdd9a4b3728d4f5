import { GraphQLScalarType, Kind } from 'graphql';
import { MOMENT_FORM, parseMoment } from '../domain/moment';
import type { Position } from '../event-store/port/event-store';
import { PositionError, type PositionCodec } from '../shared/position-codec';
import { badInput, requestError } from './errors';

/** Parses any time that Rolebook accepts; the fault of any other names the accepted forms. */
function readTime(value: unknown): Date {
  const moment = typeof value === 'string' ? parseMoment(value) : null;
  if (moment === null) throw badInput(`This is no time. Give ${MOMENT_FORM}.`);
  return moment;
}

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'A date and time in ISO 8601. Returned as `2026-11-27T08:30:15.250Z`; accepted in any zone, without seconds, and as a plain date, which is its start in UTC. Years from 0001 to 9999; truncated to milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('A DateTime is given back from a Date.');
  },
  parseValue: readTime,
  parseLiteral: (node) => readTime(node.kind === Kind.STRING ? node.value : null),
});

/** @throws RequestError `BAD_USER_INPUT`, `POSITION_OF_ANOTHER_STORE` */
export function decodePosition(positions: PositionCodec, text: string): Position {
  try {
    return positions.decode(text);
  } catch (error) {
    throw error instanceof PositionError ? requestError(error.code, error.message) : error;
  }
}

const positionText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw badInput('A position is a text.');
};

/** Sent as text; the request decodes it, for only there is the store known. */
export const PositionScalar = new GraphQLScalarType<string, string>({
  name: 'Position',
  description:
    'An opaque position in the log of events. A mutation returns one, `asOf` reads at one, the header `Rolebook-Min-Position` waits for one.',
  serialize: positionText,
  parseValue: positionText,
  parseLiteral: (node) => positionText(node.kind === Kind.STRING ? node.value : null),
});
