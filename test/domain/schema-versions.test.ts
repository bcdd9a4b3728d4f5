import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { eventDefinitions } from '../../src/domain/events';
import { definitionVersion, schemaNeeded, schemaVersionOf } from '../../src/domain/event-versions';
import { eventSchemas } from '../../src/domain/schemas';
import { newerSchema, READS_SCHEMA, SCHEMA_VERSIONS, WRITES_SCHEMA } from '../../src/domain/schema-versions';
import { eventFaults } from '../../src/domain/sound-event';
import { parseStream, roleStream } from '../../src/event-store/port/streams';
import { soundMetadata } from '../sound-metadata';

/** Numbers of the event schemas, by which a program knows that it is too old for an event. */

const stream = parseStream(roleStream('acme', 'r1'));
const data = { role: 'r1', user: 'ann' };

test('a build writes nothing that it does not read', () => {
  expect(SCHEMA_VERSIONS[0]).toBe(1);
  expect([...SCHEMA_VERSIONS]).toEqual([...SCHEMA_VERSIONS].sort((a, b) => a - b));
  expect(WRITES_SCHEMA).toBeLessThanOrEqual(READS_SCHEMA);
});

test('an event of a higher version is newer, whatever else it is; all others are judged by their definition', () => {
  const higher = String(READS_SCHEMA + 1);
  expect(newerSchema({ metadata: { schemaVersion: higher } })).toBe(READS_SCHEMA + 1);
  expect(newerSchema({ metadata: { schemaVersion: '999999999' } })).toBe(999_999_999);
  for (const schemaVersion of [
    ...SCHEMA_VERSIONS.map(String),
    '0',
    '-1',
    '02',
    ' 2',
    '2.0',
    '1e9',
    '9999999999',
  ])
    expect([schemaVersion, newerSchema({ metadata: { schemaVersion } })]).toEqual([schemaVersion, null]);
  for (const metadata of [null, undefined, 7, 'x', [], {}, { schemaVersion: READS_SCHEMA + 1 }])
    expect(newerSchema({ metadata })).toBeNull();
  const faults = (schemaVersion: string, type = 'UserAssigned') =>
    eventFaults({ type, data, metadata: { ...soundMetadata(), schemaVersion } }, stream);
  expect(faults(higher)).toEqual(faults(higher, 'RoleExploded'));
  expect(faults(higher)).toMatchObject([{ path: ['metadata', 'schemaVersion'] }]);
  expect(faults('0')).toMatchObject([{ path: ['metadata', 'schemaVersion'] }]);
  expect(faults(schemaVersionOf({ type: 'UserAssigned', data }))).toEqual([]);
});

interface Definition {
  /** Schema of each property, without descriptions. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

/** A definition as far as a reader of the event depends on it. */
function definitionOf(type: string): Definition {
  const { properties, required } = bare(eventSchemas('plain')[`${type}.json`]) as Definition;
  return { properties, required: [...required].sort() };
}

function bare(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(bare);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).filter(
    ([key, value]) => key !== 'description' || typeof value !== 'string',
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}

/**
 * Definitions as builds in use read them, one file a version: `schema-<n>.json`. They are never edited. A release that
 * brings a version adds its file: the types of that version, and those with fields of that version.
 */
const FOLDER = path.join(__dirname, '..', 'fixtures', 'schemas');
const versions = readdirSync(FOLDER).map((name) => ({
  version: Number(/^schema-(\d+)\.json$/.exec(name)?.[1]),
  definitions: JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8')) as Readonly<
    Record<string, Definition>
  >,
}));

test('each version but one that no release has is kept', () => {
  expect(versions.map(({ version }) => version).sort((a, b) => a - b)[0]).toBe(1);
});

const profile = { username: 'ann', name: 'Ann' };

/** Fields with values that older readers refuse: such values need a version themselves, or come beside a field that does. */
const WIDENED: ReadonlyMap<string, object> = new Map([
  ['UserProfileChanged.from', { from: { ...profile, username: null }, claims: [] }],
  ['UserProfileChanged.to', { to: { ...profile, externalId: 'E1' }, claims: [], externalIdClaim: 'c' }],
  ['Claimed.kind', { kind: 'EXTERNAL_ID' }],
  ['Released.kind', { kind: 'EXTERNAL_ID' }],
]);

test.each([...WIDENED])('%s has such values only in events of a higher version', (field, data) => {
  expect(schemaNeeded(field.split('.')[0]!, data)).toBeGreaterThan(1);
});

describe.each(versions)('an event of version $version', ({ version, definitions }) => {
  test.each(Object.entries(definitions))('%s is what its readers know', (type, kept) => {
    expect(Object.keys(eventDefinitions)).toContain(type);
    const { properties, required } = definitionOf(type);
    expect(required).toEqual(kept.required);
    for (const [name, property] of Object.entries(properties))
      // A field that they do not know needs a higher version: see `src/domain/event-versions.ts`.
      if (!(name in kept.properties)) expect(schemaNeeded(type, { [name]: 'x' })).toBeGreaterThan(version);
      else if (!WIDENED.has(`${type}.${name}`))
        expect([name, property]).toEqual([name, kept.properties[name]]);
    expect(Object.keys(kept.properties).filter((name) => !(name in properties))).toEqual([]);
  });
});

test('an event without what came later needs no higher version', () => {
  for (const type of ['Claimed', 'Released'])
    expect(schemaNeeded(type, { kind: 'USERNAME', owner: 'ann', users: [] })).toBe(1);
  // No value is taken for a name of the table itself.
  for (const kind of ['constructor', 'hasOwnProperty', 7, null])
    expect(schemaNeeded('Claimed', { kind })).toBe(1);
  expect(schemaNeeded('UserRegistered', { user: 'ann', ...profile })).toBe(1);
  expect(schemaNeeded('UserProfileChanged', { user: 'ann', from: profile, to: profile })).toBe(1);
});

test('a type that none of these versions has needs a higher one', () => {
  const known = new Set(versions.flatMap(({ definitions }) => Object.keys(definitions)));
  const highest = Math.max(...versions.map(({ version }) => version));
  const added = Object.keys(eventDefinitions).filter((type) => !known.has(type));
  for (const type of added) expect(definitionVersion(type)).toBeGreaterThan(highest);
});
