import { GraphQLScalarType, Kind } from 'graphql';
import { MOMENT_FORM, parseMoment } from '../domain/moment';
import { badInput } from './errors';

/** Reads any moment that Rolebook takes; what does not fit is told what would. */
function read(value: unknown): Date {
  const moment = typeof value === 'string' ? parseMoment(value) : null;
  if (moment === null) throw badInput(`This is no time. Give ${MOMENT_FORM}.`);
  return moment;
}

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'A moment in ISO 8601. Given back as `2026-11-27T08:30:15.250Z`; taken in any zone, without seconds, and as a plain date, which is its start in UTC. Years from 0001 to 9999; finer than milliseconds is cut.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('A DateTime is given back from a Date.');
  },
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null),
});
