import { isSameEntry } from '../../../src/domain/catalogue/entry-diff';

const role = {
  key: 'r1',
  name: 'Agent',
  description: 'Answers.',
  group: 'g1',
  retired: false,
  permissions: ['a/1', 'b/2'],
};
const isSame = (before: object | undefined, after: object | undefined): boolean =>
  isSameEntry('defaultRoles', before as typeof role, after as typeof role);

test('the order of what an entry lists is no change of it', () => {
  expect(isSame(role, { ...role, permissions: ['b/2', 'a/1'] })).toBe(true);
  expect(isSame(role, { ...role, permissions: ['a/1'] })).toBe(false);
  expect(isSame(role, { ...role, name: 'Helper' })).toBe(false);
});

test('an entry that comes or goes is changed, and what happens to a retired one counts for nothing', () => {
  const retired = { ...role, retired: true };
  expect([isSame(undefined, role), isSame(role, undefined), isSame(role, retired)]).toEqual([
    false,
    false,
    false,
  ]);
  expect([isSame(retired, undefined), isSame(retired, { ...retired, name: 'Old' })]).toEqual([true, true]);
});
