import { randomUUID } from 'node:crypto';
import type { View } from '../../projections/view';
import { stagedDigest } from '../../src/domain/catalogue/digest';
import { catalogueStream } from '../../src/event-store/port/streams';
import { ACCOUNT, CATALOGUE, Log, Models } from './log';

const models = new Models();
afterAll(() => models.cleanUp());

test('a publication holds as a whole, from its own moment; staged events that none names are void', async () => {
  const log = new Log();
  const published = await log.publish(CATALOGUE);
  await log.account();
  await log.feature('BASE');
  await log.register('ada');
  await log.assign('viewer', 'ada');
  await log.create('r', 'R', { 'people/view': ['people:read'], 'flows/view': [] }, ['ada']);
  const read = await models.current(log.store);
  const view = (position?: bigint): View => read.view(ACCOUNT, position === undefined ? null : { position });

  // Someone died while staging.
  const torn = await log.append(catalogueStream, [
    'SectionDefined',
    { publication: randomUUID(), order: 0, key: 'ghosts', name: 'Ghosts', description: '' },
  ]);
  const next = {
    ...CATALOGUE,
    version: 2,
    sections: [{ key: 'new', name: 'New', description: 'First now.' }, ...CATALOGUE.sections],
    permissions: CATALOGUE.permissions
      .filter(({ key }) => key !== 'people/view')
      .map((permission) => (permission.key === 'roles/manage' ? { ...permission, scopes: [] } : permission)),
    defaultRoles: CATALOGUE.defaultRoles
      .filter(({ key }) => key !== 'viewer')
      .map((role) => ({ ...role, permissions: role.permissions.filter((key) => key !== 'people/view') })),
  };
  const second = await log.publish(next);
  await read.waitFor(second, 5_000);

  expect(view(torn).catalogue().version).toBe(1);
  expect(view(second - 1n).catalogue().version).toBe(1);
  expect(view(published).catalogue().content).toMatchObject({
    version: 1,
    sections: [{ key: 'flows' }, { key: 'people' }],
  });
  const { content } = view().catalogue();
  expect(content.version).toBe(2);
  expect(content.sections.map(({ key }) => key)).toEqual(['new', 'flows', 'people']);
  expect(content.permissions.map(({ key, retired }) => [key, retired])).toEqual([
    ['flows/view', false],
    ['flows/edit', false],
    ['roles/manage', false],
    ['people/view', true],
  ]);

  // A retired default role counts as deleted, and what it granted is explained, not lost.
  const viewer = view().roles(['viewer']).get('viewer');
  expect(viewer).toMatchObject({ kind: 'DEFAULT', userCount: 0, permissionCount: 2 });
  expect(viewer?.deletedAt).not.toBeNull();
  expect(view(torn).roles(['viewer']).get('viewer')).toMatchObject({ userCount: 1, deletedAt: null });
  expect(view().rolesOf(['ada']).get('ada')).toEqual(['r']);
  expect((await view().roleList({}, null, { first: 9 })).items.map(({ item }) => item.id)).toEqual([
    'account-admin',
    'r',
  ]);
  expect(
    (await view().roleList({ includeDeleted: true }, null, { first: 9 })).items.map(({ item }) => item.id),
  ).toEqual(['account-admin', 'viewer', 'r']);
  expect(view().effective(['ada']).get('ada')?.withheld).toEqual([
    { permission: 'flows/view', reason: 'FEATURE_DISABLED', via: ['r'] },
    { permission: 'people/view', reason: 'RETIRED', via: ['r'] },
  ]);
  expect(view().check('ada', 'people/view', null)).toEqual({ allowed: false, via: ['r'], reason: 'RETIRED' });
  expect(view(torn).check('ada', 'people/view', 'people:read')).toMatchObject({
    allowed: true,
    via: ['viewer', 'r'],
  });
  expect(await view().countHolders('people/view', null)).toBe(0);

  // It comes back with other grants, and its memberships with it.
  const third = await log.publish({
    ...CATALOGUE,
    version: 3,
    defaultRoles: [
      CATALOGUE.defaultRoles[0]!,
      { ...CATALOGUE.defaultRoles[1]!, permissions: ['people/view'] },
    ],
  });
  await read.waitFor(third, 5_000);
  expect(view().roles(['viewer']).get('viewer')).toMatchObject({
    userCount: 1,
    permissionCount: 1,
    deletedAt: null,
  });
  expect(view().effective(['ada']).get('ada')?.granted).toEqual([
    { permission: 'people/view', scopes: ['people:read'], via: ['viewer', 'r'] },
  ]);
});

test.each([
  ['count', { count: 2 }],
  ['digest', { digest: 'f'.repeat(64) }],
])('a publication of another %s than the log has is poison', async (_, wrong) => {
  const log = new Log();
  const publication = randomUUID();
  const staged = { type: 'RoleGroupDefined', data: { publication, order: 0, key: 'g', name: 'G' } } as const;
  await log.append(catalogueStream, [staged.type, staged.data]);
  await log.append(catalogueStream, [
    'CataloguePublished',
    { publication, version: 1, count: 1, digest: stagedDigest([staged]), contentDigest: '', ...wrong },
  ]);
  const folder = new Models();
  const read = await folder.open(log.store);
  await expect(read.caughtUp()).rejects.toThrow('CataloguePublished at position 2');
  expect(read.status()).toMatchObject({ state: 'poisoned', ordinal: 1 });
  await folder.cleanUp();
});
