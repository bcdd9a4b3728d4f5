import fc from 'fast-check';
import { EMPTY_CATALOGUE, type CatalogueContent } from '../../../src/domain/catalogue/catalogue';
import { contentOf } from '../../../src/domain/catalogue/content';
import { diffCatalogue, publishedEvent } from '../../../src/domain/catalogue/diff';
import { stagedDigest } from '../../../src/domain/catalogue/digest';
import {
  applyPublication,
  BrokenPublicationError,
  EMPTY_STATE,
  evolveCatalogue,
} from '../../../src/domain/catalogue/evolve';
import type { CatalogueFile } from '../../../src/domain/catalogue/file';
import { validateEvent } from '../../../src/domain/schemas';
import { largeFile, smallFile } from './fixtures';
import { runs } from '../../scale';

const PUBLICATION = '11111111-1111-4111-8111-111111111111';

const published = (content: CatalogueContent, file: CatalogueFile): CatalogueContent => {
  const staged = diffCatalogue(content, file, PUBLICATION);
  return applyPublication(content, staged, publishedEvent(content, file, PUBLICATION, staged));
};
const present = (content: CatalogueContent): CatalogueContent =>
  Object.fromEntries(
    Object.entries(content).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.filter((item) => item.retired !== true) : value,
    ]),
  ) as unknown as CatalogueContent;

/** Some of a few keys, in any order, so that two files share some, move some and lack some. */
const some = (keys: readonly string[]) => fc.shuffledSubarray([...keys]);
const keyed = <T extends object>(keys: readonly string[], fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  some(keys).chain((chosen) =>
    fc.tuple(...chosen.map((key) => fc.record(fields).map((rest) => ({ key, ...(rest as T) })))),
  );
const word = fc.constantFrom('x', 'y');
const SCOPES = ['s:1', 's:2', 's:3', 's:4'];
const PERMISSIONS = ['p/1', 'p/2', 'p/3', 'p/4', 'p/5'];
const ROLES = ['r1', 'r2', 'r3'];
const TEMPLATES = ['t1', 't2', 't3'];
const PAIRS: [string, string][] = [
  ['r1', 'r2'],
  ['r2', 'r3'],
  ['r3', 'r1'],
];

const anyFile: fc.Arbitrary<CatalogueFile> = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  groups: keyed(['g1', 'g2', 'g3'], { name: word }),
  features: keyed(['F1', 'F2', 'F3'], { name: word, required: fc.boolean() }),
  scopes: keyed(SCOPES, { includes: some(SCOPES), description: fc.option(word) }).map((scopes) =>
    scopes.map(({ key, includes, description }) =>
      description === null ? { name: key, includes } : { name: key, description, includes },
    ),
  ),
  sections: keyed(['c1', 'c2'], { name: word, description: word }),
  permissions: keyed(PERMISSIONS, {
    section: fc.constantFrom('c1', 'c2'),
    description: word,
    feature: fc.constantFrom('F1', 'F2'),
    privileged: fc.boolean(),
    scopes: some(SCOPES),
  }),
  defaultRoles: keyed(ROLES, { name: word, group: word, description: word, permissions: some(PERMISSIONS) }),
  conflicts: fc
    .shuffledSubarray(PAIRS)
    .chain((pairs) =>
      fc.tuple(
        ...pairs.map(([a, b]) =>
          fc.record({ roles: fc.constantFrom<[string, string]>([a, b], [b, a]), reason: word }),
        ),
      ),
    ),
  roleTemplates: keyed(TEMPLATES, { name: word, description: word, permissions: some(PERMISSIONS) }),
});

describe('the difference of two catalogues', () => {
  test('applied, it gives the wanted one, with what left at the end', () => {
    fc.assert(
      fc.property(anyFile, anyFile, anyFile, (first, second, third) => {
        let content = EMPTY_CATALOGUE.content;
        for (const file of [first, second, third]) {
          const before = content;
          content = published(content, file);
          expect(present(content)).toEqual(contentOf(file));
          for (const list of ['groups', 'sections', 'permissions', 'defaultRoles'] as const) {
            const flags = content[list].map(({ retired }) => retired);
            expect(flags).toEqual([...flags].sort());
            expect(new Set(content[list].map(({ key }) => key))).toEqual(
              new Set([...before[list], ...contentOf(file)[list]].map(({ key }) => key)),
            );
          }
        }
      }),
      runs(300),
    );
  });

  test('of a catalogue and itself is nothing, also where things have left before', () => {
    fc.assert(
      fc.property(anyFile, anyFile, (first, second) => {
        const content = published(published(EMPTY_CATALOGUE.content, first), second);
        expect(diffCatalogue(content, second, PUBLICATION)).toEqual([]);
      }),
    );
  });

  test('is made of sound events, and names nothing twice', () => {
    fc.assert(
      fc.property(anyFile, anyFile, (first, second) => {
        const staged = diffCatalogue(contentOf(first), second, PUBLICATION);
        expect(staged.flatMap(({ type, data }) => validateEvent(type, data))).toEqual([]);
        const last = publishedEvent(first, second, PUBLICATION, staged);
        expect(validateEvent(last.type, last.data)).toEqual([]);
        expect(last.data.previousVersion).toBe(first.version);
        const said = staged.map(({ type, data }) => JSON.stringify([type, { ...data, order: 0 }]));
        expect(new Set(said).size).toBe(said.length);
      }),
    );
  });

  test('a change is one event, of what changed', () => {
    const file = smallFile();
    Object.assign(file.permissions[7] ?? {}, { description: 'Other' });
    expect(diffCatalogue(contentOf(smallFile()), file, PUBLICATION)).toEqual([
      {
        type: 'PermissionDefined',
        data: {
          publication: PUBLICATION,
          order: 7,
          key: 'people/edit',
          section: 'main',
          description: 'Other',
          feature: 'PEOPLE',
          privileged: false,
          scopes: ['people:manage'],
        },
      },
    ]);
  });

  test('a permission that leaves takes its grants along, stays as retired, and can return', () => {
    const full = published(EMPTY_CATALOGUE.content, smallFile());
    const without = smallFile(2);
    without.permissions.splice(7, 2, ...without.permissions.slice(8));
    without.defaultRoles[2]?.permissions.pop();
    const staged = diffCatalogue(full, without, PUBLICATION);
    expect(staged.map(({ type }) => type)).toEqual([
      'DefaultRoleGrantRemoved',
      'PermissionRetired',
      'PermissionDefined',
    ]);
    const lacking = published(full, without);
    expect(lacking.permissions.at(-1)).toMatchObject({ key: 'people/edit', retired: true });
    expect(published(lacking, smallFile(3))).toEqual(contentOf(smallFile(3)));
  });

  test('a default role that leaves loses its grants on record, and gets them anew when it returns', () => {
    const full = contentOf(smallFile());
    const without = smallFile(2);
    without.defaultRoles.pop();
    without.conflicts.pop();
    expect(diffCatalogue(full, without, PUBLICATION).map(({ type }) => type)).toEqual([
      'RoleConflictWithdrawn',
      'DefaultRoleGrantRemoved',
      'DefaultRoleRetired',
    ]);
    const lacking = published(full, without);
    expect(lacking.defaultRoles.at(-1)).toMatchObject({ key: 'lead', retired: true, permissions: [] });
    expect(present(published(lacking, smallFile(3)))).toEqual(contentOf(smallFile(3)));
  });

  test('a template that leaves is gone, and its return is a definition like any other', () => {
    const template = { key: 'reader', name: 'Reader', description: '', permissions: ['people/view'] };
    const suggesting = { ...smallFile(2), roleTemplates: [template] };
    const staged = diffCatalogue(contentOf(smallFile()), suggesting, PUBLICATION);
    expect(staged).toEqual([
      { type: 'RoleTemplateDefined', data: { publication: PUBLICATION, order: 0, ...template } },
    ]);
    const full = published(contentOf(smallFile()), suggesting);
    expect(full.roleTemplates).toEqual([template]);
    expect(diffCatalogue(full, smallFile(3), PUBLICATION)).toEqual([
      { type: 'RoleTemplateWithdrawn', data: { publication: PUBLICATION, key: 'reader' } },
    ]);
    expect(published(full, smallFile(3))).toEqual(contentOf(smallFile(3)));
  });

  test('10,000 permissions are compared, digested and applied', () => {
    const content = published(EMPTY_CATALOGUE.content, largeFile(10_000));
    expect(content.permissions).toHaveLength(10_009);
  });
});

describe('the stream of the catalogue', () => {
  const staged = diffCatalogue(EMPTY_CATALOGUE.content, smallFile(), PUBLICATION);
  const last = publishedEvent(EMPTY_CATALOGUE.content, smallFile(), PUBLICATION, staged);

  test('staged events hold for nobody until they are published', () => {
    const before = staged.reduce(evolveCatalogue, EMPTY_STATE);
    expect(before.content).toBe(EMPTY_STATE.content);
    expect(before.staging).toBe(PUBLICATION);
    const after = evolveCatalogue(before, last);
    expect(after.content).toEqual(contentOf(smallFile()));
    expect(after.staging).toBeNull();
    expect(after.staged.size).toBe(0);
  });

  test('staged events of another publication are void', () => {
    const other = '22222222-2222-4222-8222-222222222222';
    const voided = diffCatalogue(EMPTY_CATALOGUE.content, largeFile(3), other).slice(0, 5);
    const state = [...voided, ...staged, last].reduce(evolveCatalogue, EMPTY_STATE);
    expect(state.content).toEqual(contentOf(smallFile()));
    expect(state.staged.size).toBe(0);
    expect(() =>
      evolveCatalogue(state, publishedEvent(state.content, largeFile(3, 2), other, voided)),
    ).toThrow(BrokenPublicationError);
  });

  test('a publication that lacks a staged event, or has another one, is broken', () => {
    const short = staged.slice(1).reduce(evolveCatalogue, EMPTY_STATE);
    expect(() => evolveCatalogue(short, last)).toThrow(BrokenPublicationError);
    const swapped = [...staged.slice(1), ...staged.slice(0, 1)].reduce(evolveCatalogue, EMPTY_STATE);
    expect(() => evolveCatalogue(swapped, last)).toThrow(BrokenPublicationError);
  });

  test('the digest is over lines of canonical JSON', () => {
    expect(stagedDigest([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(stagedDigest([{ type: 'FeatureRetired', data: { publication: 'p', key: 'F' } }])).toBe(
      // printf '{"data":{"key":"F","publication":"p"},"type":"FeatureRetired"}\n' | sha256sum
      'c3a79837f350793d5d892255b76e29fa8a6257106cc61fc27b64d2fd22e62417',
    );
  });
});

test('the description of a scope comes, changes and goes with a publication, and nothing else does', () => {
  const [before, after] = [smallFile(), smallFile()];
  Object.assign(after.scopes[0]!, { description: 'Changes people' });
  const described = published(contentOf(before), after);
  expect(diffCatalogue(contentOf(before), after, PUBLICATION)).toMatchObject([
    { type: 'ScopeDefined', data: { name: 'people:manage', description: 'Changes people' } },
  ]);
  expect(described.scopes.map(({ description }) => description)).toEqual([
    'Changes people',
    undefined,
    undefined,
  ]);
  const [bare] = diffCatalogue(described, before, PUBLICATION);
  expect(bare).toMatchObject({ type: 'ScopeDefined', data: { name: 'people:manage' } });
  expect(bare!.data).not.toHaveProperty('description');
});
