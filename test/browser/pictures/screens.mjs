/**
 * Screens that pictures are made of. `CUSTOM` in an address stands for the id of a custom role; `past`: there is such a screen
 * of the past; `as`: who looks, null for nobody.
 */

const first = (selector) => (page) => page.locator(selector).first();
const heading = (name) => (page) => page.getByRole('heading', { name, level: 1 });
const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();

const DAY = 86_400_000;
const daysAgo = (days) => new Date(Math.floor(Date.now() / DAY - days) * DAY).toISOString();

export const SCREENS = [
  {
    name: 'roles-default',
    title: 'Default roles',
    at: '/roles',
    shows: first('th[scope=rowgroup]'),
    past: true,
  },
  {
    name: 'roles-custom',
    title: 'Custom roles',
    at: '/roles?tab=custom',
    shows: first('main tbody a'),
    past: true,
  },
  {
    name: 'role',
    title: 'A role, with changes that are not saved',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    act: change,
  },
  {
    name: 'role-permissions',
    title: 'Permissions of a role',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    past: true,
  },
  {
    name: 'role-users',
    title: 'Users of a role',
    at: '/roles/CUSTOM?tab=users',
    shows: first('main td'),
    past: true,
  },
  {
    name: 'role-history',
    title: 'History of a role',
    at: '/roles/CUSTOM?tab=history',
    shows: first('main ol li'),
  },
  {
    name: 'life',
    title: 'The life of a role, step by step',
    at: '/roles/CUSTOM?tab=history',
    shows: (page) => page.getByRole('link', { name: 'Step through its life' }),
    act: async (page) => {
      await page.getByRole('link', { name: 'Step through its life' }).click();
      await page.getByText('Change 1 of').waitFor();
      await button(page, 'Change after').click();
      await page.getByText('Change 2 of').waitFor();
    },
  },
  {
    name: 'review',
    title: 'Review before Save',
    at: '/roles/CUSTOM',
    shows: first('main li code'),
    act: async (page) => {
      await change(page);
      await button(page, 'Review').click();
      await page.getByRole('dialog').getByText('What it means for people').waitFor();
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
      await rest(page);
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
      for (const name of ['Ana Horvat', 'Ben Carter'])
        await panel.locator('li label', { hasText: name }).click();
      await panel.getByText('2 chosen').waitFor();
      await page
        .locator('[role=dialog] > div')
        .first()
        .evaluate((body) => body.scrollTo(0, 0));
    },
  },
  { name: 'users', title: 'Users', at: '/users', shows: first('main tbody a'), past: true },
  {
    name: 'user-roles',
    title: 'Roles of a user',
    at: '/users/ravi-sharma',
    shows: first('main td'),
    past: true,
  },
  {
    name: 'user-access',
    title: 'Access of a user, and why',
    at: '/users/ravi-sharma?tab=access',
    shows: first('main td'),
    act: async (page) => {
      await button(page, /^Why: /).click();
      await first('main td li time')(page).waitFor();
    },
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
    at: '/permissions?q=api+keys&open=api-keys/view',
    shows: first('main dl li'),
    past: true,
  },
  {
    name: 'account',
    title: 'Features of the account',
    at: '/account',
    shows: first('main li code'),
    past: true,
  },
  { name: 'audit', title: 'Audit log', at: '/audit', shows: first('main ol li'), past: true },
  {
    name: 'compare',
    title: 'Who gained and lost access',
    at: `/compare?from=${daysAgo(20)}`,
    shows: first('main ol li time'),
    past: true,
  },
  {
    name: 'compare-role',
    title: 'A role, then and now',
    at: `/compare?what=role&roleId=CUSTOM&from=${daysAgo(29)}`,
    shows: first('main ol li time'),
  },
  {
    name: 'compare-roles',
    title: 'Two roles, side by side',
    at: '/compare?what=roles&roleId=campaign-manager&otherRoleId=CUSTOM',
    shows: first('main ul code'),
  },
  {
    name: 'compare-user',
    title: 'A user, then and now',
    at: `/compare?what=user&userId=ivan-maric&from=${daysAgo(19)}`,
    shows: first('main ol li time'),
  },
  { name: 'profile', title: 'Your profile', at: '/profile', shows: heading('Ada Lindqvist') },
  { name: 'keys', title: 'Keys', at: '/roles', shows: first('th[scope=rowgroup]'), act: sheet },
  {
    name: 'sign-in',
    title: 'Nobody is signed in',
    at: '/roles',
    as: null,
    shows: heading('You are not signed in'),
  },
];

async function tick(page, name) {
  await page.locator('label', { has: page.getByRole('checkbox', { name }) }).click();
}

/** Takes a permission away and adds one. */
async function change(page) {
  const box = (key) =>
    page.locator('main label', { has: page.locator('code', { hasText: new RegExp(`^${key}$`) }) });
  await box('insights/view').click();
  await box('reports/create').click();
  await button(page, 'Save 2 changes').waitFor();
  await rest(page);
}

/** Leaves the page as one sees it first: at its top, with nothing touched. */
async function rest(page) {
  await page.locator('[role=status] p').first().waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
}

async function sheet(page) {
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
}
