import { boundsOf } from '../../console/src/account/bounds';

/** Permissions that features bound, as the account’s page shows them. */

const permission = (key: string, feature: string, retired = false) => ({
  key,
  description: `May ${key}`,
  retired,
  feature: { key: feature },
});

test('each feature bounds its permissions of all sections, in the order of the catalogue', () => {
  const bounds = boundsOf({
    sections: [
      { permissions: [permission('a', 'SMS'), permission('b', 'FLOW')] },
      { permissions: [permission('c', 'SMS')] },
    ],
  });
  expect([...bounds].map(([feature, bound]) => [feature, bound.map(({ key }) => key)])).toEqual([
    ['SMS', ['a', 'c']],
    ['FLOW', ['b']],
  ]);
  expect(bounds.get('FLOW')).toEqual([{ key: 'b', description: 'May b' }]);
});

test('what left the catalogue is bounded by nothing', () => {
  expect(boundsOf({ sections: [{ permissions: [permission('a', 'SMS', true)] }] }).size).toBe(0);
});
