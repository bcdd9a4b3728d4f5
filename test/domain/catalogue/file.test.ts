import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueFile } from '../../../src/domain/catalogue/file';
import { validateCatalogueFile } from '../../../src/domain/catalogue/file-rules';
import { largeFile, smallFile } from './fixtures';

type Draft = { -readonly [K in keyof CatalogueFile]: CatalogueFile[K] };

/** The faults of the small file after a change to it. */
const faultsAfter = (change: (file: Draft) => void): readonly string[] => {
  const file = structuredClone(smallFile());
  change(file);
  const result = validateCatalogueFile(file);
  return result.ok ? [] : result.faults;
};

describe('a catalogue file that may be published', () => {
  test('schema/catalogue.json', () => {
    const json: unknown = JSON.parse(readFileSync(join(__dirname, '../../../schema/catalogue.json'), 'utf8'));
    expect(validateCatalogueFile(json)).toEqual({ ok: true, file: json });
  });

  test('the small file of these tests', () => expect(faultsAfter(() => {})).toEqual([]));

  test('one of 10,000 permissions', () => {
    expect(validateCatalogueFile(largeFile(10_000)).ok).toBe(true);
  });
});

describe('shape', () => {
  test.each([[null], [[]], ['x'], [7]])('%j is no catalogue file', (json) => {
    expect(validateCatalogueFile(json)).toEqual({ ok: false, faults: ['a catalogue file is a JSON object'] });
  });

  test('an empty object lacks everything, and is told so at once', () => {
    const result = validateCatalogueFile({});
    expect(result.ok ? [] : result.faults).toEqual(
      expect.arrayContaining(['permissions: A list is wanted.', 'conflicts: A list is wanted.']),
    );
    expect(result.ok ? [] : result.faults.filter((fault) => fault.startsWith('version'))).toHaveLength(1);
  });

  test('unknown fields are faults, at the top and in entries', () => {
    const faults = faultsAfter((file) => {
      Object.assign(file, { extra: 1 });
      Object.assign(file.permissions[1] ?? {}, { privilegd: true });
    });
    expect(faults).toEqual([
      'extra: There is no such field.',
      'permissions[1] "roles/manage": privilegd: There is no such field.',
    ]);
  });

  test('a wrong entry is reported once, not again at all that refers to it', () => {
    const faults = faultsAfter((file) => void Object.assign(file.sections[0] ?? {}, { description: 7 }));
    expect(faults).toEqual(['sections[0] "main": description: A text of at most 1000 characters is wanted.']);
  });

  test('versions are whole numbers from 1', () => {
    for (const version of [0, 1.5, '1', 2 ** 60]) {
      expect(faultsAfter((file) => void Object.assign(file, { version }))).toHaveLength(1);
    }
  });

  test('keys of default roles are kebab-case, for they are parts of stream names', () => {
    for (const key of ['Agent', 'a.b', '', 'x'.repeat(65), 'a b']) {
      const faults = faultsAfter((file) => file.defaultRoles.push({ ...role, key }));
      expect(faults.join()).toContain('key: A text of 1 to 64 of a-z 0-9 - is wanted.');
    }
  });

  test('names are not blank, and text is Unicode', () => {
    expect(faultsAfter((file) => file.groups.push({ key: 'g', name: ' ' }))).toHaveLength(1);
    expect(faultsAfter((file) => file.groups.push({ key: 'g', name: '\ud800' }))).toEqual([
      'groups[1] "g": name: A name is not well-formed Unicode: half of a surrogate pair is missing.',
    ]);
  });

  test('names are names, and other texts plain text', () => {
    const bad = { ...role, key: 'other', name: 'Agent\u202e', description: 'a\u0000b' };
    expect(faultsAfter((file) => file.defaultRoles.push(bad))).toEqual([
      'defaultRoles[3] "other": name: A name has a control of the direction of text (U+202E).',
      'defaultRoles[3] "other": description: The text has a control character (U+0000).',
    ]);
    expect(
      faultsAfter((file) => file.defaultRoles.push({ ...role, key: 'other', name: 'Agent\u200b 2' })),
    ).toEqual(['defaultRoles[3] "other": name: A name has no invisible characters without effect.']);
    const lines = { ...role, key: 'other', description: 'one\n\ttwo' };
    expect(faultsAfter((file) => file.defaultRoles.push(lines))).toEqual([]);
  });
});

const template = { key: 'reader', name: 'Reader', description: '', permissions: ['people/view'] };
const role = { key: 'agent', name: 'Agent 2', group: 'general', description: '', permissions: [] };

describe('duplicates', () => {
  test('of keys in every list', () => {
    const faults = faultsAfter((file) => {
      file.groups.push({ key: 'general', name: 'Again' });
      file.scopes.push({ name: 'people:read' });
      file.conflicts.push({ roles: ['lead', 'agent'], reason: 'the other way round' });
      file.roleTemplates = [template, { ...template, name: 'Other' }];
    });
    expect(faults).toEqual([
      'groups[1] "general": the same as groups[0] "general"',
      'scopes[3] "people:read": the same as scopes[1] "people:read"',
      'conflicts[1] "agent + lead": the same as conflicts[0] "agent + lead"',
      'roleTemplates[1] "reader": the same as roleTemplates[0] "reader"',
    ]);
  });

  test('within lists of entries', () => {
    const faults = faultsAfter((file) => {
      file.permissions[7]?.scopes.push('people:manage');
      file.defaultRoles[1]?.permissions.push('people/view');
      file.roleTemplates = [{ ...template, permissions: ['people/view', 'people/view'] }];
    });
    expect(faults).toEqual([
      'permissions[7] "people/edit": scopes: "people:manage" is listed more than once',
      'defaultRoles[1] "agent": permissions: "people/view" is listed more than once',
      'roleTemplates[0] "reader": permissions: "people/view" is listed more than once',
    ]);
  });

  test('names of default roles, ignoring case, space and Unicode form', () => {
    const faults = faultsAfter((file) => file.defaultRoles.push({ ...role, key: 'x', name: '  AGENT ' }));
    expect(faults).toEqual(['defaultRoles[3] "x": name: means the same as that of defaultRoles[1] "agent"']);
  });

  test('names of templates, which could not be given to a role that has the name of a default one', () => {
    const faults = faultsAfter((file) => (file.roleTemplates = [{ ...template, name: 'agent' }]));
    expect(faults).toEqual([
      'roleTemplates[0] "reader": name: means the same as that of defaultRoles[1] "agent"',
    ]);
  });
});

test('references to what is not there', () => {
  const faults = faultsAfter((file) => {
    Object.assign(file.permissions[7] ?? {}, { section: 's', feature: 'F', scopes: ['a', 'b'] });
    Object.assign(file.scopes[0] ?? {}, { includes: ['c'] });
    Object.assign(file.defaultRoles[1] ?? {}, { group: 'g', permissions: ['p/q'] });
    file.conflicts.push({ roles: ['r', 'agent'], reason: '' }, { roles: ['lead', 'lead'], reason: '' });
    file.roleTemplates = [{ ...template, permissions: ['people/gone'] }];
  });
  expect(faults).toEqual([
    'scopes[0] "people:manage": includes: there is no "c"',
    'permissions[7] "people/edit": section: there is no "s"',
    'permissions[7] "people/edit": feature: there is no "F"',
    'permissions[7] "people/edit": scopes: there is no "a"',
    'permissions[7] "people/edit": scopes: there is no "b"',
    'defaultRoles[1] "agent": group: there is no "g"',
    'defaultRoles[1] "agent": permissions: there is no "p/q"',
    'conflicts[1] "agent + r": roles: there is no "r"',
    'conflicts[2] "lead + lead": roles: a role cannot be in conflict with itself',
    'roleTemplates[0] "reader": permissions: there is no "people/gone"',
  ]);
});

describe('rules of the whole', () => {
  test('scopes do not include each other in a circle', () => {
    const faults = faultsAfter(
      (file) => void Object.assign(file.scopes[1] ?? {}, { includes: ['people:manage'] }),
    );
    expect(faults).toEqual([
      'scopes: "people:manage" includes "people:read" includes "people:manage": a cycle',
    ]);
    expect(
      faultsAfter((file) => void Object.assign(file.scopes[1] ?? {}, { includes: ['people:read'] })),
    ).toEqual(['scopes: "people:read" includes "people:read": a cycle']);
  });

  test('there is an account admin, with every privileged permission', () => {
    expect(faultsAfter((file) => void file.defaultRoles.shift())).toEqual([
      'defaultRoles: "account-admin" is missing',
    ]);
    expect(faultsAfter((file) => void file.defaultRoles[0]?.permissions.splice(1, 1))).toEqual([
      'defaultRoles[0] "account-admin": permissions: lacks "roles/manage", which is privileged',
    ]);
  });

  test('no unprivileged permission carries what a privileged one carries, be it by inclusion', () => {
    const direct = faultsAfter((file) => file.permissions[7]?.scopes.push('accounts:manage'));
    expect(direct).toEqual([
      'permissions[7] "people/edit": scopes: "accounts:manage" comes with "accounts/manage", which is privileged; this permission is not',
    ]);
    const included = faultsAfter((file) => file.scopes[1] && (file.scopes[1].includes = ['accounts:manage']));
    expect(included).toEqual(
      [
        'permissions[6] "people/view": scopes: "people:read" includes "accounts:manage", which comes with "accounts/manage", which is privileged; this permission is not',
        'permissions[7] "people/edit": scopes: "people:manage" includes "accounts:manage", which comes with "accounts/manage", which is privileged; this permission is not',
      ].sort(),
    );
  });

  test('what is smaller than a privileged scope may be unprivileged', () => {
    expect(faultsAfter((file) => file.scopes[2] && (file.scopes[2].includes = ['people:read']))).toEqual([]);
  });

  test('what Rolebook itself asks for is there, and its feature guards the role pages', () => {
    expect(faultsAfter((file) => void file.permissions.splice(5, 1))).toContain(
      'permissions: "audit-log/view" is missing, and Rolebook asks for it',
    );
    const faults = faultsAfter((file) => file.features[0] && (file.features[0].required = false));
    expect(faults).toHaveLength(4);
    expect(faults[0]).toBe('features: none is required, yet one must guard the role pages');
    expect(faults[1]).toBe(
      'permissions[0] "roles/view": feature: "CORE" must be required, for it guards the role pages',
    );
  });
});
