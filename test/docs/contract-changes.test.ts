import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unnotedContracts, type Contracts } from './contract-changes';
import { isOfBreaking } from './schema-changes';

/** The contracts of events beside those of the last release: what breaks a reader has a note in `changes/` that names it. */

const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');

const committed = Object.fromEntries(
  readdirSync(path.join(ROOT, 'schema', 'events'))
    .filter((name) => /\.v\d+\.json$/.test(name))
    .map((name) => [name, JSON.parse(read('schema', 'events', name))]),
) as Contracts;
const released = JSON.parse(read('schema', 'released-events.json')) as Contracts;
const notes = readdirSync(path.join(ROOT, 'changes'))
  .filter(isOfBreaking)
  .map((name) => read('changes', name));

test('every contract of the last release is as it was, or a note names it', () => {
  expect(Object.keys(released).length).toBeGreaterThan(35);
  expect(unnotedContracts(released, committed, notes)).toEqual([]);
});

const role = {
  title: 'A.v1',
  type: 'object',
  additionalProperties: false,
  required: ['role', 'title'],
  properties: { role: { type: 'string', description: 'Its id.' }, title: { type: 'string', maxLength: 9 } },
};
const envelope = {
  type: 'object',
  required: ['id', 'type'],
  properties: { id: { type: 'string' }, type: { type: 'string' } },
};
const RELEASED: Contracts = { 'A.v1.json': role, 'Envelope.v1.json': envelope };

test.each<[what: string, change: (contracts: Contracts) => Contracts]>([
  ['one that is gone', ({ 'A.v1.json': _gone, ...others }) => others],
  ['a field more', (all) => ({ ...all, 'A.v1.json': withProperty('more', { type: 'string' }) })],
  ['a field less', (all) => ({ ...all, 'A.v1.json': { ...role, properties: { role: { type: 'string' } } } })],
  [
    'a field of another bound',
    (all) => ({ ...all, 'A.v1.json': withProperty('title', { type: 'string', maxLength: 8 }) }),
  ],
  [
    'a field called as a word of schemas',
    (all) => ({ ...all, 'A.v1.json': withProperty('title', { type: 'number' }) }),
  ],
  ['a field that may be missing', (all) => ({ ...all, 'A.v1.json': { ...role, required: ['role'] } })],
])('%s is found, and a note that names the contract settles it', (_what, change) => {
  const found = unnotedContracts(RELEASED, change(RELEASED), ['- `B.v1` and `A.v2` are other.']);
  expect(found.map((line) => line.split(':')[0])).toEqual(['A.v1']);
  expect(unnotedContracts(RELEASED, change(RELEASED), ['- `A.v1` is other.'])).toEqual([]);
});

const withProperty = (name: string, schema: object) => ({
  ...role,
  properties: { ...role.properties, [name]: schema },
});

test('words and the order of members are free, and a version more', () => {
  const said = { ...role, description: 'Better said.', examples: [{}], required: ['title', 'role'] };
  expect(unnotedContracts(RELEASED, { ...RELEASED, 'A.v1.json': said, 'A.v2.json': {} }, [])).toEqual([]);
});

test('the envelope may have more, and nothing less or other', () => {
  const changed = (more: object) =>
    unnotedContracts(RELEASED, { ...RELEASED, 'Envelope.v1.json': { ...envelope, ...more } }, []);
  const { id, type } = envelope.properties;
  expect(changed({ properties: { id, type, extra: { type: 'string' } } })).toEqual([]);
  expect(changed({ required: ['id', 'type', 'extra'] })).toEqual([]);
  expect(changed({ properties: { id } })).toHaveLength(1);
  expect(changed({ properties: { id, type: { type: 'number' } } })).toHaveLength(1);
  expect(changed({ required: ['id'] })).toHaveLength(1);
});
