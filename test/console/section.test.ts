import { tick } from '../../console/src/draft/edit';
import { NEW_ROLE, NO_EDITS, type RoleDraft } from '../../console/src/draft/role-draft';
import { sectionState, selectAll, type SectionPermission } from '../../console/src/draft/section';

/** Select all: three states, one click always selects, what cannot be selected is left out and counted. */

const permission = (key: string, rest: Partial<SectionPermission> = {}): SectionPermission => ({
  key,
  grantable: true,
  available: true,
  retired: false,
  ...rest,
});
const SECTION = [
  permission('a'),
  permission('b'),
  permission('off', { available: false }),
  permission('not-mine', { grantable: false }),
];
const NEW: RoleDraft = { base: NEW_ROLE, edits: NO_EDITS };

test('none, some and all are told apart', () => {
  expect(sectionState(NEW, SECTION)).toMatchObject({ box: 'none', selected: 0, total: 4, leftOut: 2 });
  expect(sectionState(tick(NEW, ['a'], true), SECTION)).toMatchObject({ box: 'some', selected: 1 });
  expect(sectionState(tick(NEW, ['a', 'b'], true), SECTION)).toMatchObject({
    box: 'all',
    selected: 2,
    leftOut: 2,
  });
});

test('one click selects, from none and from some', () => {
  expect(selectAll(NEW, SECTION)).toEqual({ keys: ['a', 'b'], granted: true });
  expect(selectAll(tick(NEW, ['b'], true), SECTION)).toEqual({ keys: ['a', 'b'], granted: true });
});

test('a click on all takes all away, also what is off', () => {
  const draft = tick(NEW, ['a', 'b', 'off'], true);
  expect(sectionState(draft, SECTION)).toMatchObject({ box: 'all', selected: 3, leftOut: 1 });
  expect(selectAll(draft, SECTION)).toEqual({ keys: ['a', 'b', 'off', 'not-mine'], granted: false });
});

test('a section of which nothing can be selected is never “all”', () => {
  const closed = [permission('x', { grantable: false })];
  expect(sectionState(NEW, closed).box).toBe('none');
  expect(selectAll(NEW, closed)).toEqual({ keys: [], granted: true });
});
