import { failing, loading, none, opened, past, plain, withoutRight } from './scenes.mjs';

/**
 * Scenes of every route of the console, in every state. A route that is new, and a state that is left out, fail a test; a
 * state that a page does not have says why. `CUSTOM` in an address stands for the id of a custom role.
 */

export const STATES = ['plain', 'dialog', 'error', 'empty', 'loading', 'past', 'withoutRight'];

const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
const text = (words) => (page) => page.getByText(words).first();
const inMain = (selector) => (page) => page.locator(`main ${selector}`).first();
const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();
const dialog = (page) => page.locator('[role=dialog], [role=alertdialog]');

const pick = (name) => (page) => button(page, name).click();
const pickEntry = (menu, entry) => async (page) => {
  await button(page, menu).click();
  await page.getByRole('menuitem', { name: entry }).click();
};

const roles = '/roles?tab=custom';
const rolesThere = (page) => page.getByRole('link', { name: 'Newsletter editor' });
const ROLES = {
  plain: [plain(roles, rolesThere), plain('/roles', inMain('th[scope=rowgroup]'))],
  dialog: [
    opened('actions of a role', roles, rolesThere, { open: pick('Actions of Newsletter editor') }),
    opened('Duplicate', roles, rolesThere, {
      open: pickEntry('Actions of Newsletter editor', 'Duplicate'),
      shows: dialog,
    }),
    opened('Delete', roles, rolesThere, {
      open: pickEntry('Actions of Newsletter editor', 'Delete'),
      shows: text('lose this role'),
    }),
    opened('profile', roles, rolesThere, { open: pick(/^Profile of/) }),
    opened('Account settings', roles, rolesThere, {
      open: async (page) => {
        await button(page, /^Profile of/).click();
        await page.getByRole('menuitem', { name: 'Account settings' }).click();
      },
      shows: (page) => page.getByRole('menuitem', { name: 'Audit log' }),
      anew: true,
    }),
    opened('keys', roles, rolesThere, { open: (page) => page.keyboard.press('?'), shows: dialog }),
    opened('palette', roles, rolesThere, {
      open: async (page) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('ro');
      },
      shows: (page) => page.getByRole('option', { name: 'Go to Roles' }),
    }),
    opened('View as of', roles, rolesThere, { open: pick(/^View as of/), shows: dialog }),
  ],
  error: [failing(roles)],
  empty: [plain('/roles?tab=custom&q=nihgt', text('No role matches'))],
  loading: [loading(roles)],
  past: [past(roles, rolesThere)],
  withoutRight: [withoutRight(roles, 'You do not have the right to see roles')],
};

const create = '/roles/new';
const createThere = (page) => page.getByLabel('Role name');
const NEW_ROLE = {
  plain: [plain(create, createThere), plain(`${create}?tab=users`, text('Nobody has this role yet'))],
  dialog: [
    opened('templates', create, createThere, { open: pick('choose one') }),
    opened('actions', create, createThere, { open: pick('Actions of the new role') }),
    opened('Scopes', create, createThere, { open: openScopes, shows: inDialog('li label') }),
    opened('leave', create, createThere, {
      open: async (page) => {
        await createThere(page).fill('Never saved');
        await page.getByRole('link', { name: 'Users', exact: true }).click();
      },
      shows: (page) => page.getByRole('alertdialog'),
    }),
    opened('All users', `${create}?tab=users`, text('Nobody has this role yet'), {
      open: pick('Select users'),
      shows: inDialog('li label'),
    }),
    opened('Review', create, createThere, {
      open: async (page) => {
        await createThere(page).fill('Night desk');
        await tick(page, 'Select all of Finance');
        await button(page, 'Review').click();
      },
      shows: dialog,
    }),
  ],
  error: [
    failing(create),
    opened('no name', create, createThere, {
      open: pick('Create role'),
      shows: text('Give the role a name.'),
    }),
  ],
  empty: [plain(`${create}?q=nihgt`, text('No permission matches'))],
  loading: [loading(create)],
  past: [past(create, text('The past cannot be changed'))],
  withoutRight: [withoutRight(create, 'You do not have the right to create roles')],
};

const role = '/roles/CUSTOM';
const roleThere = inMain('li code');
const pending = async (page) => {
  await tick(page, 'Select all of Finance');
  await button(page, 'Save 6 changes').waitFor();
};
const ROLE = {
  plain: [
    plain(role, roleThere),
    plain(`${role}?tab=users`, inMain('td')),
    plain(`${role}?tab=history`, inMain('ol li')),
    plain('/roles/account-admin', roleThere),
    opened('changes', role, roleThere, { open: pending, shows: (page) => button(page, 'Save 6 changes') }),
  ],
  dialog: [
    opened('name and description', role, roleThere, {
      open: pick('Edit name and description'),
      shows: createThere,
    }),
    opened('Scopes', role, roleThere, { open: openScopes, shows: inDialog('li label') }),
    opened('All users', `${role}?tab=users`, inMain('td'), {
      open: pick('Select users'),
      shows: inDialog('li label'),
    }),
    opened('Duplicate', role, roleThere, { open: pick('Duplicate'), shows: dialog }),
    opened('Delete', role, roleThere, {
      open: pickEntry(/^Actions of/, 'Delete'),
      shows: text('lose this role'),
    }),
    opened('Review', role, roleThere, {
      open: async (page) => {
        await pending(page);
        await button(page, 'Review').click();
      },
      shows: dialog,
    }),
    opened('conflict', role, roleThere, {
      open: async (page) => {
        await pending(page);
        await button(page, 'Save 6 changes').click();
      },
      shows: (page) => page.getByRole('alertdialog'),
      answers: savedBefore,
    }),
  ],
  error: [failing(role), plain('/roles/nothing', text('There is no such role'))],
  empty: [
    plain(`${role}?q=nihgt`, text('No permission matches')),
    plain(`${role}?tab=users&q=nihgt`, text('No user of the role matches')),
  ],
  loading: [loading(role)],
  past: [
    past(role, (page) => page.getByRole('group', { name: 'Steps', exact: true })),
    past(`${role}?tab=users`, inMain('td')),
    past(`${role}?tab=history`, inMain('li')),
  ],
  withoutRight: [withoutRight(role, 'You do not have the right to see roles')],
};

const users = '/users';
const usersThere = (page) => page.getByRole('link', { name: 'Ada Lindqvist' });
const USERS = {
  plain: [plain(users, usersThere)],
  dialog: [
    opened('filter by role', users, usersThere, {
      open: pick('Role'),
      shows: (page) => page.getByRole('option', { name: 'Any role' }),
      anew: true,
    }),
    opened('filter by status', users, usersThere, { open: pick('Status') }),
    opened('Create user', users, usersThere, { open: pick('Create user'), shows: dialog }),
  ],
  error: [
    failing(users),
    opened('no username', users, usersThere, {
      open: async (page) => {
        await button(page, 'Create user').click();
        await dialog(page).getByRole('button', { name: 'Create user' }).click();
      },
      shows: text('Give the user a username.'),
    }),
  ],
  empty: [plain('/users?q=nihgt', text('No user matches'))],
  loading: [loading(users)],
  past: [past(users, usersThere)],
  withoutRight: [withoutRight(users, 'You do not have the right to see users')],
};

const user = '/users/ravi-sharma';
const userThere = heading('Ravi Sharma');
const inactive = '/users/paulo-silva';
const USER = {
  plain: [
    plain(user, inMain('td')),
    plain(`${user}?tab=access`, inMain('td')),
    plain(`${user}?tab=history`, inMain('ol li')),
    opened('why', `${user}?tab=access`, inMain('td'), {
      open: (page) => button(page, /^Why: /).click(),
      shows: inMain('td li time'),
    }),
    plain(inactive, text('This user is inactive')),
    plain(`${inactive}?tab=access`, text('No effect: the user is inactive.')),
  ],
  dialog: [
    opened('All roles', user, userThere, { open: pick('Assign roles'), shows: inDialog('li label') }),
    opened('Rename', user, userThere, { open: pick('Rename'), shows: dialog }),
    opened('actions', user, userThere, { open: pick('Actions of Ravi Sharma') }),
    opened('Erase', user, userThere, {
      open: pickEntry('Actions of Ravi Sharma', 'Erase'),
      shows: (page) => page.getByLabel('Type ravi.sharma to confirm'),
    }),
    opened('take a role from somebody inactive', inactive, heading('Paulo Silva'), {
      open: pick('Unassign Agent for Conversations'),
      shows: text('not given back until the user is active again'),
    }),
  ],
  error: [failing(user), plain('/users/nobody-at-all', text('There is no such user'))],
  empty: [
    plain('/users/zoe-papadaki', text('holds no role')),
    plain('/users/zoe-papadaki?tab=access', text('This user may do nothing here')),
    plain(`${user}?tab=access&q=weather`, text('No, not by anything like')),
  ],
  loading: [loading(user)],
  past: [past(user, inMain('td')), past(`${user}?tab=access`, inMain('td'))],
  withoutRight: [withoutRight(user, 'You do not have the right to see this user')],
};

const audit = '/audit';
const auditThere = inMain('ol li');
const AUDIT = {
  plain: [
    plain(audit, auditThere),
    opened('an entry', audit, auditThere, {
      open: (page) => page.locator('main ol li button[aria-expanded=false]').first().click(),
      shows: inMain('ol li button[aria-expanded=true]'),
    }),
  ],
  dialog: [
    opened('What changed', audit, auditThere, { open: pick(/What changed/) }),
    opened('Permission', audit, auditThere, {
      open: pick('Permission'),
      shows: (page) => page.getByRole('option', { name: 'Any permission' }),
      anew: true,
    }),
  ],
  error: [failing(audit)],
  empty: [plain('/audit?from=2001-01-01&to=2001-01-02', text('No change matches these filters'))],
  loading: [loading(audit)],
  past: [past(audit, auditThere)],
  withoutRight: [withoutRight(audit, 'You do not have the right to see who changed what')],
};

const day = (ago) => new Date(Math.floor(Date.now() / 86_400_000 - ago) * 86_400_000).toISOString();
const compare = `/compare?from=${day(20)}`;
const compareThere = inMain('ol li time');
const COMPARE = {
  plain: [
    plain(compare, compareThere),
    plain(`/compare?what=role&roleId=CUSTOM&from=${day(20)}`, compareThere),
    plain(`/compare?what=user&userId=ivan-maric&from=${day(20)}`, compareThere),
    plain('/compare?what=roles&roleId=campaign-manager&otherRoleId=CUSTOM', inMain('ul code')),
  ],
  dialog: [
    opened('choice of a user', '/compare?what=user', text('Choose a user'), {
      open: pick('User'),
      shows: (page) => page.getByRole('option', { name: 'Ada Lindqvist' }),
      anew: true,
    }),
  ],
  error: [failing(compare), plain('/compare?from=yesterday', text('is no moment'))],
  empty: [
    plain('/compare?what=roles', text('Choose two roles')),
    plain(`/compare?what=user&userId=zoe-papadaki&from=${day(1)}`, text('Nothing differs')),
  ],
  loading: [loading(compare)],
  past: [past(compare, compareThere)],
  withoutRight: [withoutRight(compare, 'You do not have the right to see roles')],
};

const permissions = '/permissions';
const permissionsThere = inMain('li code');
const PERMISSIONS = {
  plain: [plain(permissions, permissionsThere), plain('/permissions?open=users/view', inMain('dl li'))],
  dialog: none('It opens none: a permission opens in its row.'),
  error: [failing(permissions)],
  empty: [plain('/permissions?q=nihgt', text('No permission matches'))],
  loading: [loading(permissions)],
  past: [past('/permissions?open=users/view', inMain('dl li'))],
  withoutRight: none('The catalogue may be seen by everybody who is signed in.'),
};

const account = '/account';
const accountThere = inMain('li code');
const ACCOUNT = {
  plain: [
    plain(account, accountThere),
    opened('a feature', account, accountThere, {
      open: (page) => button(page, /^Flow/).click(),
      shows: inMain('ul ul li'),
    }),
  ],
  dialog: [opened('Disable', account, accountThere, { open: pick('Disable Flow'), shows: dialog })],
  error: [failing(account)],
  empty: none('An account always has features.'),
  loading: [loading(account)],
  past: [past(account, accountThere)],
  withoutRight: none('Features may be seen by everybody who is signed in.'),
};

const PROFILE = {
  plain: [plain('/profile', text('What you may do'))],
  dialog: none('It opens none.'),
  error: [failing('/profile')],
  empty: [plain('/profile?q=weather', text('No, not by anything like'))],
  loading: [loading('/profile')],
  past: [past('/profile', text('shown as of now alone'))],
  withoutRight: [withoutRight('/profile', 'You have no role.')],
};

const kit = '/_kit';
const kitThere = heading('Kit');
const KIT = {
  plain: [plain(kit, kitThere)],
  dialog: [
    opened('dialog', kit, kitThere, { open: pick('Open a dialog'), shows: dialog }),
    opened('panel', kit, kitThere, { open: pick('Open a panel'), shows: dialog }),
    opened('undo', kit, kitThere, { open: pick('Undo, refused'), shows: text('Gave Agent to Ema Novak') }),
  ],
  error: none('It asks for nothing, and shows every error.'),
  empty: none('It shows an empty list.'),
  loading: none('It asks for nothing, and shows a skeleton.'),
  past: [past(kit, kitThere)],
  withoutRight: none('It shows nothing of the account.'),
};

export const PAGES = {
  '/roles': ROLES,
  '/roles/new': NEW_ROLE,
  '/roles/$roleId': ROLE,
  '/users': USERS,
  '/users/$userId': USER,
  '/audit': AUDIT,
  '/compare': COMPARE,
  '/permissions': PERMISSIONS,
  '/account': ACCOUNT,
  '/profile': PROFILE,
  '/_kit': KIT,
};

/** Routes that only lead to another one. */
export const LEADING = { '/': '/roles' };

/** What stands at no route, or in place of every page. */
export const ELSEWHERE = [
  plain('/no-such-page', text('There is no such page')),
  plain('/roles?asOf=yesterday', text('is no moment')),
  plain('/roles?asOf=2999-01-01T00:00:00Z', text('has not come yet')),
  { at: '/roles', as: null, ready: text('You are not signed in') },
  { at: '/sign-in?code=used', as: null, ready: text('npx rolebook console link') },
];

async function openScopes(page) {
  if (await button(page, 'Open all').isVisible()) await button(page, 'Open all').click();
  await button(page, /^Scopes of /).click();
}

function inDialog(selector) {
  return (page) => dialog(page).locator(selector).first();
}

async function tick(page, name) {
  await page.locator('label', { has: page.getByRole('checkbox', { name }) }).click();
}

/** Answers a save as the server does when somebody else saved before. */
async function savedBefore(route) {
  const { operationName, query } = route.request().postDataJSON();
  if (operationName !== 'SaveRole' && !query?.startsWith('mutation SaveRole')) return route.continue();
  const refusal = {
    __typename: 'UserError',
    code: 'VERSION_CONFLICT',
    message: 'Somebody else changed it.',
    field: null,
    ids: [],
    permissions: [],
    currentVersion: 9,
  };
  const updateRole = {
    __typename: 'UpdateRolePayload',
    role: null,
    errors: [refusal],
    position: null,
    projected: true,
  };
  return route.fulfill({ json: { data: { updateRole } } });
}
