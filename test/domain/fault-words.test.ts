import type { TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import { commands } from '../../src/commands/registry';
import { CatalogueFile } from '../../src/domain/catalogue/file';
import { eventDefinitions, EventMetadata } from '../../src/domain/events';
import { UNFIT } from '../../src/domain/fault-words';
import { compileSchema, faultsAt, faultsOf, validateEvent } from '../../src/domain/schemas';

/** Words for what is wrong with a value: ours for every schema, and nothing of the value in them. */

const MARK = 'hunter2';
const LIBRARY = /expected|unexpected|property|string|array|union|kind|tuple|boolean|integer/i;

const schemas: Readonly<Record<string, TSchema>> = {
  ...Object.fromEntries(Object.entries(commands).map(([type, { input }]) => [type, input])),
  ...eventDefinitions,
  EventMetadata,
  CatalogueFile,
};

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      null,
      0,
      -1,
      1.5,
      true,
      '',
      MARK,
      `${MARK}\u0000`,
      'x'.repeat(1_001),
      Number.NaN,
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('key', 'name', 'permission', 'scopes', 'roles', 'type', 'x'), tie('value')),
  ),
})).value;

/** Something like a value of a schema: most of its fields are there, each with a value that seldom fits. */
function near(schema: TSchema): fc.Arbitrary<unknown> {
  const { properties, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  if (properties)
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record(
          Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, near(each)])),
          { requiredKeys: [] },
        ),
      },
      anything,
    );
  if (items && !Array.isArray(items)) return fc.oneof(fc.array(near(items), { maxLength: 3 }), anything);
  return anything;
}

test.each(Object.entries(schemas))('%s', (_name, schema) => {
  const check = compileSchema(schema);
  fc.assert(
    fc.property(near(schema), (value) => {
      for (const { message } of faultsAt(check, value)) {
        expect(message).toMatch(/^(true or false|"[^"]+"|[A-Z]).*\.$/);
        expect(message).not.toMatch(LIBRARY);
        expect(message).not.toContain(MARK);
        expect(message).not.toBe(UNFIT);
      }
    }),
    { numRuns: 50 },
  );
});

test('a list of the wrong length, a number out of bounds and a choice', () => {
  const conflict = CatalogueFile.properties.conflicts.items;
  expect(faultsOf(compileSchema(conflict), { roles: ['a'], reason: '' })).toEqual([
    'roles: A list of 2 entries is wanted.',
  ]);
  const version = compileSchema(CatalogueFile.properties.version);
  expect([0, 2 ** 60, 1.5].map((value) => faultsOf(version, value))).toEqual([
    ['The number is 1 or more.'],
    ['The number is 9007199254740991 or less.'],
    ['A whole number is wanted.'],
  ]);
  expect(faultsOf(compileSchema(EventMetadata.properties.actorType), 'nobody')).toEqual([
    'One of user, service, operator is wanted.',
  ]);
});

const NAME_WANTED = 'name: A text of at most 200 characters is wanted.';
test.each<[string, unknown, string]>([
  ['a number', 7, NAME_WANTED],
  ['a list', ['Ann'], NAME_WANTED],
  ['nothing', null, NAME_WANTED],
  ['a text that is too long', 'a'.repeat(201), NAME_WANTED],
  ['half an encrypted text', { $enc: '1', k: 'key' }, 'name/c: This field is missing.'],
])('a name that may be encrypted, but is %s, is told what is wanted', (_, name, fault) => {
  expect(validateEvent('UserRegistered', { user: 'ann', username: 'ann', name })).toEqual([fault]);
});
