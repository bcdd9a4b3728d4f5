import fc from 'fast-check';
import { ScimError } from '../../src/scim/errors';
import { conditionsOf, type Condition } from '../../src/scim/filter';
import { patchedValues } from '../../src/scim/patch';
import { PATCH_OP, USER_SCHEMA } from '../../src/scim/schema';
import { wholeUser, type UserValues } from '../../src/scim/values';

/** Values read of bodies and filters, for all that a client could send. */

/** A text in which each letter has one of its cases. */
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((each, at) => (upper[at] ? each.toUpperCase() : each)).join(''));

const someText = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const ATTRIBUTES = [
  'userName',
  'displayName',
  'name',
  'externalId',
  'active',
  'emails',
  'id',
  'schemas',
  'meta',
];
const anyName = fc.oneof(
  fc.constantFrom(...ATTRIBUTES).chain(anyCase),
  fc.constantFrom(
    'name.formatted',
    'name.givenName',
    'emails[type eq "work"].value',
    '__proto__',
    'a.b.c',
    '',
  ),
  someText,
);
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    true,
    'True',
    'false',
    null,
    [{ value: 'x' }],
    { formatted: 'x' },
    { value: true },
  ),
  someText,
  fc.jsonValue({ maxDepth: 2 }),
);

/** The result, or the refusal; any other error fails. */
async function orRefusal<Result>(run: () => Result | Promise<Result>): Promise<Result | ScimError> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    expect([error.status, error.code]).toEqual([400, 'INVALID_INPUT']);
    return error;
  }
}

function expectTyped(values: UserValues | ScimError): void {
  if (values instanceof ScimError) return;
  const { userName = '', name = 'x', externalId = '', active = true, ...others } = values;
  expect([typeof userName, typeof name, typeof active]).toEqual(['string', 'string', 'boolean']);
  expect(name).not.toBe('');
  expect(externalId === null || typeof externalId === 'string').toBe(true);
  expect(others).toEqual({});
}

test('whatever a body holds, a whole user has values of the right types, or is refused', async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(anyName, anyValue), someText, async (body, userName) => {
      const values = await orRefusal(() => wholeUser({ userName, ...body, schemas: [USER_SCHEMA] }));
      if (!(values instanceof ScimError)) read += 1;
      expectTyped(values);
    }),
  );
  expect(read).toBeGreaterThan(5);
});

test('whatever operations say, they set values of the right types, or are refused', async () => {
  const operation = fc.record(
    { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'remove', 'move'), path: anyName, value: anyValue },
    { requiredKeys: ['op'] },
  );
  let read = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 3 }), async (Operations) => {
      const values = await orRefusal(() => patchedValues({ schemas: [PATCH_OP], Operations }));
      if (!(values instanceof ScimError)) read += 1;
      expectTyped(values);
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(5);
});

/** One change in the form of RFC 7644, and what it sets. */
const change = fc.oneof(
  someText.map((value) => ({ path: 'userName', value, sets: { userName: value } as UserValues })),
  someText.map((value) => ({ path: 'displayName', value, sets: { name: value } as UserValues })),
  someText.map((value) => ({ path: 'name.formatted', value, sets: { name: value } as UserValues })),
  someText.map((value) => ({ path: 'externalId', value, sets: { externalId: value } as UserValues })),
  fc.boolean().map((value) => ({ path: 'active', value, sets: { active: value } as UserValues })),
);

test('one change in every spelling sets the same', async () => {
  const spelled = change.chain(({ path, value, sets }) =>
    fc
      .record({
        op: fc.constantFrom('add', 'replace').chain(anyCase),
        path: fc.constantFrom('', `${USER_SCHEMA}:`).chain((prefix) => anyCase(`${prefix}${path}`)),
        value:
          typeof value === 'boolean'
            ? fc.oneof(fc.constant<unknown>(value), anyCase(String(value)))
            : fc.constantFrom<unknown>(value, [{ value }], [{ $ref: null, value }]),
        inside: fc.boolean(),
      })
      .map(({ op, path: at, value: given, inside }) => ({
        operation: inside ? { op, value: { [at]: given } } : { op, path: at, value: given },
        sets,
      })),
  );
  await fc.assert(
    fc.asyncProperty(spelled, async ({ operation, sets }) => {
      const values = await patchedValues({ schemas: [PATCH_OP], Operations: [operation] });
      expect(values).toEqual(sets);
    }),
    { numRuns: 300 },
  );
});

test('of several changes of one attribute the last holds; others are not touched', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        change.filter(({ path }) => path !== 'name.formatted'),
        { minLength: 1, maxLength: 8 },
      ),
      async (changes) => {
        const Operations = changes.map(({ path, value }) => ({ op: 'replace', path, value }));
        const values = await patchedValues({ schemas: [PATCH_OP], Operations });
        expect(values).toEqual(Object.assign({}, ...changes.map(({ sets }) => sets)));
      },
    ),
  );
});

test('a filter is read back as it was meant, whatever the text', () => {
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({
      by: fc.constantFrom('id' as const, 'userName' as const, 'externalId' as const),
      value: fc.oneof(someText, fc.constantFrom('" and "', '\\', 'a and b', '(', '\n', '')),
    }),
    fc.record({ by: fc.constant('active' as const), value: fc.boolean() }),
  );
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(' ', '  ', '\t'),
      (conditions, space) => {
        const text = conditions
          .map(({ by, value }) => `${by}${space}eq${space}${JSON.stringify(value)}`)
          .join(`${space}and${space}`);
        expect(conditionsOf(text)).toEqual(conditions);
      },
    ),
  );
});

test('any other text is refused as a filter', async () => {
  const words = fc
    .array(
      fc.constantFrom(
        'userName',
        'eq',
        'and',
        'or',
        'not',
        '"x"',
        'true',
        '(',
        ')',
        '[',
        ']',
        'a.b',
        '__proto__',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(' '));
  await fc.assert(
    fc.asyncProperty(fc.oneof(words, fc.string({ maxLength: 60 })), async (text) => {
      const read = await orRefusal(() => conditionsOf(text));
      if (read instanceof ScimError) expect(read.scimType).toBe('invalidFilter');
      else for (const { by } of read) expect(['id', 'userName', 'externalId', 'active']).toContain(by);
    }),
    { numRuns: 500 },
  );
});
