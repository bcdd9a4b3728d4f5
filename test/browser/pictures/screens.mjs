/**
 * Screens that pictures are made of. `CUSTOM` in an address stands for the id of a custom role; `past`: there is such a screen
 * of the past; `as`: who looks, null for nobody.
 */

const first = (selector) => (page) => page.locator(selector).first();
const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();

export const SCREENS = [
  { name: 'roles-default', title: 'Default roles', at: '/roles', shows: first('th[scope=rowgroup]'), past: true },
  { name: 'roles-custom', title: 'Custom roles', at: '/roles?tab=custom', shows: first('main tbody a'), past: true },
  {
    name: 'role',
    title: 'A role, with changes that are not saved',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    act: change,
  },
  { name: 'role-permissions', title: 'Permissions of a role', at: '/roles/CUSTOM', shows: first('main li code'), past: true },
  { name: 'role-users', title: 'Users of a role', at: '/roles/CUSTOM?tab=users', shows: first('main td'), past: true },
  { name: 'role-history', title: 'History of a role', at: '/roles/CUSTOM?tab=history', shows: first('main ol li') },
  {
    name: 'review',
    title: 'Review before Save',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    act: async (page) => {
      await change(page);
      await button(page, 'Review').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'scopes',
    title: 'Scopes of a permission',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    act: async (page) => {
      await button(page, /^Scopes of .*: (?:[2-9]|\d\d+) of/).click();
      await page.getByRole('dialog').locator('li').first().waitFor();
    },
  },
  {
    name: 'create-role',
    title: 'Create role',
    at: '/roles/new',
    shows: (page) => page.getByLabel('Role name'),
    act: async (page) => {
      await page.getByLabel('Role name').fill('Night desk lead');
      await page.getByLabel('Role description').fill('Runs the desk from 22 to 6.');
      await tick(page, 'Select all of Finance');
      await page.evaluate(() => document.activeElement.blur());
    },
  },
  {
    name: 'select-users',
    title: 'Select users',
    at: '/roles/CUSTOM?tab=users',
    shows: first('main td'),
    act: async (page) => {
      await button(page, 'Select users').click();
      const panel = page.getByRole('dialog');
      for (const name of ['Ana Horvat', 'Grace Okafor']) await panel.locator('li label', { hasText: name }).click();
      await panel.getByText('2 chosen').waitFor();
    },
  },
  { name: 'users', title: 'Users', at: '/users', shows: first('main tbody a'), past: true },
  { name: 'user-roles', title: 'Roles of a user', at: '/users/ravi-sharma', shows: first('main td'), past: true },
  {
    name: 'user-access',
    title: 'Access of a user, and why',
    at: '/users/ravi-sharma?tab=access',
    shows: first('main td'),
    past: true,
  },
  {
    name: 'user-history',
    title: 'History of a user',
    at: '/users/ravi-sharma?tab=history',
    shows: first('main ol li'),
  },
  {
    name: 'permissions',
    title: 'Permissions, and who has them',
    at: '/permissions?open=balance/top-up',
    shows: first('main dl li'),
    past: true,
  },
  { name: 'account', title: 'Features of the account', at: '/account', shows: first('main li code'), past: true },
  { name: 'audit', title: 'Audit log', at: '/audit', shows: first('main ol li'), past: true },
  { name: 'profile', title: 'Your profile', at: '/profile', shows: heading('Ada Lindqvist') },
  { name: 'keys', title: 'Keys', at: '/roles', shows: first('th[scope=rowgroup]'), act: sheet },
  { name: 'sign-in', title: 'Nobody is signed in', at: '/roles', as: null, shows: heading('You are not signed in') },
];

async function tick(page, name) {
  await page.locator('label', { has: page.getByRole('checkbox', { name }) }).click();
}

/** Adds a permission and takes one away, so that every sign stands there. */
async function change(page) {
  const boxes = page.locator('main ul').first().getByRole('checkbox');
  await page.locator('main ul label', { has: boxes.first() }).first().click();
  await page.locator('main ul label', { has: boxes.nth(2) }).first().click();
  await button(page, /^Save \d/).waitFor();
  await page.evaluate(() => document.activeElement.blur());
}

async function sheet(page) {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
}
