import { diffSummary } from '../../../src/operations/publication/diff-summary';
import { EMPTY_CATALOGUE } from '../../../src/domain/catalogue/catalogue';
import { contentOf } from '../../../src/domain/catalogue/content';
import { smallFile } from '../../domain/catalogue/fixtures';

const current = contentOf(smallFile());

test('nothing to say about the same', () => expect(diffSummary(current, smallFile())).toEqual([]));

test('a first publication is all new', () => {
  const rows = diffSummary(EMPTY_CATALOGUE.content, smallFile());
  expect(rows.filter(({ mark }) => mark !== '+')).toEqual([
    { mark: '~', kind: 'catalogue', key: 'version', what: '0 -> 1' },
  ]);
  expect(rows).toContainEqual({ mark: '+', kind: 'grant', key: 'lead: people/edit', what: '' });
  expect(rows).toContainEqual({ mark: '+', kind: 'group', key: 'general', what: 'General' });
});

test('what comes, changes, moves and leaves', () => {
  const file = smallFile(2);
  file.groups.unshift({ key: 'first', name: 'First' });
  Object.assign(file.permissions[7] ?? {}, { description: 'Other', scopes: [] });
  file.sections.push({ key: 'other', name: 'Other', description: '' });
  file.features.reverse();
  file.defaultRoles[1]?.permissions.reverse();
  file.defaultRoles.pop();
  file.conflicts.pop();
  file.roleTemplates = [{ key: 'reader', name: 'Reader', description: '', permissions: ['people/view'] }];
  expect(diffSummary(current, file)).toEqual([
    { mark: '~', kind: 'catalogue', key: 'version', what: '1 -> 2' },
    { mark: '+', kind: 'group', key: 'first', what: 'First' },
    { mark: '~', kind: 'feature', key: '*', what: 'order' },
    { mark: '+', kind: 'section', key: 'other', what: 'Other' },
    { mark: '~', kind: 'permission', key: 'people/edit', what: 'description, scopes' },
    { mark: '-', kind: 'default role', key: 'lead', what: 'Lead' },
    { mark: '~', kind: 'grant', key: 'agent: *', what: 'order' },
    { mark: '-', kind: 'grant', key: 'lead: people/edit', what: '' },
    { mark: '-', kind: 'conflict', key: 'agent + lead', what: 'One or the other.' },
    { mark: '+', kind: 'role template', key: 'reader', what: 'Reader' },
  ]);
});

test('what returns is said to return', () => {
  const retired = {
    ...current,
    sections: current.sections.map((section) => ({ ...section, retired: true })),
  };
  expect(diffSummary(retired, smallFile())).toEqual([
    { mark: '+', kind: 'section', key: 'main', what: 'Main (returns)' },
  ]);
});

test('the description of a scope that comes or goes is a change of it', () => {
  const described = smallFile();
  Object.assign(described.scopes[0]!, { description: 'Changes people' });
  const row = { mark: '~', kind: 'scope', key: 'people:manage', what: 'description' };
  expect(diffSummary(current, described)).toEqual([row]);
  expect(diffSummary(contentOf(described), smallFile())).toEqual([row]);
});
