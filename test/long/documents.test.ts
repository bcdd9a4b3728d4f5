import { parse, validate } from 'graphql';
import { argumentsOf, randomDocument } from './flood/documents';
import { publishedSchema } from './flood/flood';
import { screens } from './flood/hand-list';
import { Heavy } from './flood/heavy';
import { Known } from './flood/known';
import { fieldsOf, operationsOf } from './flood/verdict';
import { Random } from './random';

/** Requests that are made up are sound before anything is spoiled, whatever the schema has. */

const schema = publishedSchema();

function known(): Known {
  const all = new Known('t', Date.UTC(2026, 10, 28));
  all.permissions.push({ key: 'roles/view', privileged: false, scopes: ['s:read', 's:write'] });
  all.sections.push('account');
  all.features.push('FORMS');
  all.defaultRoles.push('Role:account-admin');
  all.usernames.push('admin');
  all.addRole('Role:r1', ['roles/view']);
  all.addUser('User:ana');
  all.addPosition('abc-1');
  return all;
}

const kindOf = (operation: string): 'query' | 'mutation' =>
  operation.startsWith('Query.') ? 'query' : 'mutation';

test.each(operationsOf(schema))('%s: random documents are valid, and say what they ask for', (operation) => {
  const [, field = ''] = operation.split('.');
  const options = {
    schema,
    random: new Random(7),
    known: known(),
    allowed: () => true,
    asked: new Map<string, number>(),
  };
  for (let round = 0; round < 30; round += 1) {
    const document = randomDocument(kindOf(operation), [field], options);
    expect([document.query, validate(schema, parse(document.query))]).toEqual([document.query, []]);
    expect([...document.roots.values()]).toEqual([field]);
    if (kindOf(operation) === 'mutation') expect(argumentsOf(document, 'r0')).toHaveProperty('input');
  }
  expect(options.asked.get(operation)).toBe(30);
});

test('all operations together ask for every field of every type', () => {
  const asked = new Map<string, number>();
  const options = { schema, random: new Random(11), known: known(), allowed: () => true, asked };
  for (let round = 0; round < 40; round += 1)
    for (const operation of operationsOf(schema))
      randomDocument(kindOf(operation), [operation.split('.')[1] ?? ''], options);
  const fields = fieldsOf(schema);
  expect(fields.length).toBeGreaterThan(400);
  expect(fields.filter((field) => !asked.has(field))).toEqual([]);
});

test('the same seed asks for the same', () => {
  const once = (): string =>
    randomDocument('query', ['users', 'history'], {
      schema,
      random: new Random(3),
      known: known(),
      allowed: () => true,
      asked: new Map(),
    }).query;
  expect(once()).toBe(once());
});

test('what a caller was forbidden is left out', () => {
  const options = { schema, known: known(), asked: new Map<string, number>() };
  const allowed = (coordinate: string): boolean => coordinate !== 'Role.history';
  for (let seed = 0; seed < 50; seed += 1) {
    const { coordinates } = randomDocument('query', ['role'], {
      ...options,
      random: new Random(seed),
      allowed,
    });
    expect([...coordinates.values()]).not.toContain('Role.history');
  }
});

test.each(screens())('a screen is valid: %s', (query) => {
  expect(validate(schema, parse(query))).toEqual([]);
});

test('requests that grow are valid', () => {
  const heavy = new Heavy();
  const random = new Random(9);
  for (let round = 0; round < 6; round += 1) {
    const { document, answered } = heavy.probe(known(), random);
    answered({ tooCostly: true });
    expect(validate(schema, parse(document.query))).toEqual([]);
  }
});

test('the limit of cost is found from answers, told or not, and followed when it moves', () => {
  const heavy = new Heavy();
  const random = new Random(5);
  const costOf = (query: string): number => query.length;
  let limit = 6_000;
  const ask = (): { atLimit: boolean; cost: number } => {
    const { document, atLimit, answered } = heavy.probe(known(), random);
    const cost = costOf(document.query + JSON.stringify(document.variables));
    answered(random.chance(0.5) ? { tooCostly: cost > limit } : { tooCostly: cost > limit, cost, limit });
    return { atLimit, cost };
  };
  for (let round = 0; round < 200; round += 1) ask();
  expect(heavy.found).toBe(true);
  limit = 4_000;
  for (let round = 0; round < 300; round += 1) ask();
  expect(heavy.found).toBe(true);
  const near = Array.from({ length: 60 }, ask).filter(({ atLimit }) => atLimit);
  expect(near.length).toBeGreaterThan(40);
});
