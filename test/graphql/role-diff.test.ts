import fc from 'fast-check';
import { grantDiffs } from '../../src/graphql/role/role-diff';
import { runs } from '../scale';

/** Differences of grants, which are what one side grants and the other does not. */

const grants = fc
  .uniqueArray(fc.constantFrom('p1', 'p2', 'p3', 'p4'))
  .chain((permissions) =>
    fc.tuple(
      ...permissions.map((permission) =>
        fc.record({ permission: fc.constant(permission), scopes: fc.subarray(['s1', 's2', 's3']) }),
      ),
    ),
  );

test('permissions that both grant alike are left out, in the order of the target, lost ones last', () => {
  const before = [
    { permission: 'p1', scopes: ['s1', 's2'] },
    { permission: 'p2', scopes: [] },
    { permission: 'p3', scopes: ['s1'] },
  ];
  const after = [
    { permission: 'p4', scopes: ['s3'] },
    { permission: 'p3', scopes: ['s1'] },
    { permission: 'p1', scopes: ['s2', 's3'] },
  ];
  expect(grantDiffs(before, after)).toEqual([
    { permission: 'p4', before: false, after: true, gained: ['s3'], lost: [] },
    { permission: 'p1', before: true, after: true, gained: ['s3'], lost: ['s1'] },
    { permission: 'p2', before: true, after: false, gained: [], lost: [] },
  ]);
});

test('a difference applied to the base is the target, and turned round it is the way back', () => {
  fc.assert(
    fc.property(grants, grants, (before, after) => {
      const diffs = grantDiffs(before, after);
      const changed = new Map<string, Set<string>>(
        before.map(({ permission, scopes }) => [permission, new Set(scopes)]),
      );
      for (const { permission, after: isGranted, gained, lost } of diffs) {
        const scopes = changed.get(permission) ?? new Set<string>();
        for (const scope of gained) scopes.add(scope);
        for (const scope of lost) scopes.delete(scope);
        if (isGranted) changed.set(permission, scopes);
        else changed.delete(permission);
      }
      const wanted = after.map(({ permission, scopes }) => [permission, new Set(scopes)] as const);
      expect(changed).toEqual(new Map(wanted));
      const back = new Map(grantDiffs(after, before).map((diff) => [diff.permission, diff]));
      expect(back.size).toBe(diffs.length);
      for (const { permission, before: was, after: is, gained, lost } of diffs)
        expect(back.get(permission)).toEqual({
          permission,
          before: is,
          after: was,
          gained: lost,
          lost: gained,
        });
    }),
    runs(200),
  );
});
