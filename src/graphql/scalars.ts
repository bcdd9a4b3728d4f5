import { GraphQLScalarType, Kind } from 'graphql';
import { MOMENT_FORM, parseMoment } from '../domain/moment';
import { badInput } from './errors';

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

const positionText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw badInput('A position is a text.');
};

/** Sent as text; the request decodes it, for only there are the log and the account known. */
export const PositionScalar = new GraphQLScalarType<string, string>({
  name: 'Position',
  description:
    'An opaque position in the log of events, good for the account that it was given to. A mutation returns one, `asOf` reads at one, the header `Rolebook-Min-Position` waits for one. It holds in every copy of the log, and the id of an event is taken in its place. Never compare two: only Rolebook knows their order.',
  serialize: positionText,
  parseValue: positionText,
  parseLiteral: (node) => positionText(node.kind === Kind.STRING ? node.value : null),
});
