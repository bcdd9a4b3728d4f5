import { eventDefinitions } from '../../../src/domain/events';
import {
  compiledValidator,
  eventSchemas,
  validateEvent,
  validateMetadata,
} from '../../../src/domain/schemas';

const created = { role: 'r1', name: 'Agents', description: null, copiedFrom: null };
const metadata = {
  actorType: 'operator',
  actorId: 'root',
  command: 'publishCatalogue',
  commandId: 'c',
  inputHash: 'h',
  requestId: 'q',
  part: '1',
  parts: '1',
  basis: '-@-',
  schemaVersion: '1',
  recordedAt: '2026-01-02T03:04:05.678Z',
};

describe('the validators of events', () => {
  test('a sound event has no faults', () => {
    expect(validateEvent('RoleCreated', created)).toEqual([]);
    expect(compiledValidator('RoleCreated').Check(created)).toBe(true);
  });

  test('unknown types, unknown fields, missing fields and wrong values are said with their path', () => {
    expect(validateEvent('RoleExploded', {})).toEqual(['unknown event type "RoleExploded"']);
    expect(validateEvent('toString', {})).toEqual(['unknown event type "toString"']);
    expect(validateEvent('RoleCreated', { ...created, extra: 1, role: 'a b' })).toEqual([
      'extra: There is no such field.',
      'role: A text of 1 to 64 of A-Z a-z 0-9 _ - is wanted.',
    ]);
    expect(validateEvent('UserAssigned', { role: 'r1' })).toEqual(['user: This field is missing.']);
  });

  test('lengths are counted as people count: 100 emoji are a name, 101 are none', () => {
    expect(validateEvent('RoleCreated', { ...created, name: '😀'.repeat(100) })).toEqual([]);
    expect(validateEvent('RoleCreated', { ...created, name: '😀'.repeat(101) })).toEqual([
      'name: A text of at least 1 and at most 100 characters is wanted.',
    ]);
    expect(validateEvent('RoleCreated', { ...created, name: '' })).toHaveLength(1);
    expect(validateEvent('RoleCreated', { ...created, name: 7 })).toHaveLength(1);
  });

  test('formats are checked', () => {
    expect(validateEvent('UserLoggedIn', { user: 'u', at: '2026-01-02T03:04:05Z' })).toEqual([]);
    expect(validateEvent('UserLoggedIn', { user: 'u', at: '2026-13-02T03:04:05Z' })).toHaveLength(1);
    expect(validateEvent('UserLoggedIn', { user: 'u', at: 'yesterday' })).toHaveLength(1);
    const retired = { publication: '00000000-0000-4000-8000-000000000000', key: 'a/b' };
    expect(validateEvent('PermissionRetired', retired)).toEqual([]);
    expect(validateEvent('PermissionRetired', { ...retired, publication: 'x' })).toHaveLength(1);
  });

  test('metadata', () => {
    expect(validateMetadata(metadata)).toEqual([]);
    expect(validateMetadata({ ...metadata, reason: 'x'.repeat(201), part: 1 })).toHaveLength(2);
  });
});

describe('the published schemas', () => {
  const schemas = eventSchemas();

  test('there is one for each event, and one for the metadata', () => {
    const names = [...Object.keys(eventDefinitions), 'EventMetadata'].map((name) => `${name}.json`);
    expect(Object.keys(schemas).sort()).toEqual(names.sort());
  });

  test.each(Object.entries(schemas))('%s is plain JSON with id, title and description', (file, schema) => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: file.replace('.json', ''),
      type: 'object',
      additionalProperties: false,
    });
    expect(schema.$id).toMatch(/^urn:rolebook:event:v[123]:[A-Z]\w+$/);
    expect(schema.description).toMatch(/\.$/);
  });

  test('tuples and choices are said as draft 2020-12 says them', () => {
    const text = JSON.stringify(schemas);
    expect(text).not.toContain('additionalItems');
    expect(schemas['RoleConflictWithdrawn.json']).toMatchObject({
      properties: { roles: { prefixItems: [{ type: 'string' }, { type: 'string' }], items: false } },
    });
    expect(schemas['EventMetadata.json']).toMatchObject({
      properties: { actorType: { type: 'string', enum: ['user', 'service', 'operator'] } },
    });
  });
});
