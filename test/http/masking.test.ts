import { GraphQLError } from 'graphql';
import { InvalidCursor } from '../../projections/view';
import { requestError } from '../../src/graphql/errors';
import { isInternal, mask, withoutEcho } from '../../src/http/masking';

const SECRET = 'hun"ter; at "x"; 2';

describe('Errors as clients see them', () => {
  test.each([
    [
      `Variable "$x" got invalid value "${SECRET}" at "x.name"; String cannot represent a non string value: {}`,
      'Variable "$x" has an unfit value at "x.name".',
    ],
    [
      'Variable "$x" got invalid value {}; Field "name" of required type "String!" was not provided.',
      'Variable "$x" has an unfit value: Field "name" of required type "String!" was not provided.',
    ],
    [
      'Cannot query field "nmae" on type "Role". Did you mean "name"?',
      'Cannot query field "nmae" on type "Role".',
    ],
    ['Int cannot represent non-integer value: "secret"', 'The value does not fit the type "Int".'],
    [
      'Value "SECRET" does not exist in "RoleKind" enum. Did you mean the enum value "CUSTOM"?',
      'The enum "RoleKind" has no such value.',
    ],
    ['Argument "asOf" has invalid value {time: $t}.', 'Argument "asOf" has an unfit value.'],
    ['Syntax Error: Unexpected String "secret".', 'Syntax Error: Unexpected String.'],
    ['Syntax Error: Expected Name, found String "secret".', 'Syntax Error: Expected Name, found String.'],
    ['Unknown argument "frist" on field "Query.roles".', 'Unknown argument "frist" on field "Query.roles".'],
  ])('%j', (message, told) => {
    expect(withoutEcho(message)).toBe(told);
  });

  test('our own are told as they are, wherever they were thrown', () => {
    const own = requestError('POSITION_NOT_REACHED', 'Not yet.', { reached: 'x-1' });
    const wrapped = new GraphQLError(own.message, { originalError: own, path: ['role'] });
    const formatted = {
      message: own.message,
      path: ['role'],
      extensions: { ...own.extensions, stacktrace: ['secret'] },
    };
    expect(mask(formatted, wrapped)).toEqual({
      message: 'Not yet.',
      path: ['role'],
      extensions: { code: 'POSITION_NOT_REACHED', reached: 'x-1' },
    });
    expect(isInternal(wrapped)).toBe(false);
  });

  test('a foreign cursor is the caller’s fault', () => {
    const wrapped = new GraphQLError('x', { originalError: new InvalidCursor('x') });
    expect(mask({ message: 'x' }, wrapped).extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(isInternal(wrapped)).toBe(false);
  });

  test('what a client got wrong is no fault of ours: it would be recorded with what was sent', () => {
    const cause = new GraphQLError(SECRET);
    const told = new GraphQLError(SECRET, { originalError: cause, extensions: { code: 'BAD_USER_INPUT' } });
    expect(isInternal(told)).toBe(false);
  });

  test('anything else says nothing', () => {
    const wrapped = new GraphQLError(SECRET, { originalError: new Error(SECRET) });
    expect(JSON.stringify(mask({ message: SECRET }, wrapped))).not.toContain('ter');
    expect(isInternal(wrapped)).toBe(true);
  });
});
