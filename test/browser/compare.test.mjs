import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { Hands } from './hands.mjs';
import { startServer } from './server.mjs';

/** Comparisons, the life of a role, reasons of access and the exact review, in a real browser on the demo. */

let server;
let browser;
let page;
let hands;
const faults = [];
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  hands = new Hands(page);
  await page.goto(server.link);
  await heading('Roles').waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const DAY = 86_400_000;
const daysAgo = (days) => new Date(Math.floor(Date.now() / DAY - days) * DAY).toISOString();
const open = (address, place = page) => place.goto(new URL(`/console${address}`, server.url).href);
const searchIn = (name) => new URL(page.url()).searchParams.get(name);
const heading = (name, place = page) => place.getByRole('heading', { name, level: 1 });
const button = (name, place = page) => place.getByRole('button', { name });
const link = (name, place = page) => place.getByRole('link', { name });
const region = (name, place = page) => place.getByRole('region', { name });
const option = (name) => page.getByRole('option', { name });
const life = () => region('Life of the role');
const dialog = () => page.getByRole('dialog');

/** Sends a request as the console does, from its page. */
const ask = (query, variables = {}) =>
  page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json', 'Rolebook-Console': '1' };
      const answer = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.json();
    },
    { query, variables },
  );

test('a role is compared with itself of then: the address holds both moments, causes say who and why', async () => {
  await open('/roles?tab=custom');
  await link('Support quality auditor').click();
  await link('Compare').click();
  await heading('Support quality auditor, then and now').waitFor();
  assert.equal(searchIn('from'), daysAgo(30));
  const permissions = region('Permissions 1');
  // The role is younger than a month.
  await page.getByRole('cell', { name: 'not there' }).first().waitFor();
  await button('7 days ago').click();
  await permissions.getByText('“Support quality auditor”').waitFor();
  assert.equal(searchIn('from'), daysAgo(7));
  await permissions.getByText('SEC-51: conversations may not leave the house').waitFor();
  await permissions.getByText('See agents, their status and load').waitFor();
  assert.match(await permissions.locator('li li').first().textContent(), /^−Removed:/);
  const address = page.url();
  await permissions.getByRole('link').click();
  await heading('Audit log').waitFor();
  // The log as of then begins with the very entry.
  await page.locator('main ol li').first().getByText('SEC-51').waitFor();
  await page.goto(address);
  await permissions.getByText('SEC-51').waitFor();
});

test('by the keyboard: the palette leads from a user to then and now, and both moments are typed', async () => {
  await open('/users/ivan-maric');
  await heading('Ivan Marić').waitFor();
  await hands.press('Control+k');
  await hands.type('then and now');
  await option('Compare this user, then and now').waitFor();
  await hands.press('Enter');
  await heading('Ivan Marić, then and now').waitFor();
  const type = async (field, moment) => {
    const [year, month, day] = moment.slice(0, 10).split('-');
    await hands.reach('spinbutton', field);
    for (const part of [day, month, year, '00', '00', '00']) await hands.type(part);
    await hands.press('Enter');
  };
  await type(/^day, From/, daysAgo(12));
  const roles = region('Roles 2');
  await roles.getByText('Supervisor for Conversations', { exact: true }).waitFor();
  await roles.getByText('Agent for Conversations', { exact: true }).waitFor();
  const access = region('Access 8');
  await access.getByText('“Moved to supervision”').or(access.locator('q')).first().waitFor();
  assert.equal(await access.locator('li li').count(), 8);
  // A day before the move nothing had come or gone.
  await type(/^day, To/, daysAgo(11));
  await page.getByText('Nothing differs between these moments').waitFor();
  assert.equal(searchIn('from'), daysAgo(12));
  assert.equal(searchIn('asOf'), daysAgo(11));
  await region('The past').waitFor();
  await link('Back to now').click();
  await access.waitFor();
});

test('everybody’s access: who gained and lost, by what; narrowed to a permission', async () => {
  await open(`/compare?from=${daysAgo(20)}`);
  await heading('Who gained and lost access').waitFor();
  const freya = region('Freya Olsen');
  await freya.getByText('31 gained, 0 lost').waitFor();
  assert.equal(await freya.locator('li li').count(), 8);
  await button('and 23 more', freya).click();
  assert.equal(await freya.locator('li li').count(), 31);
  await button('Permission').click();
  await page.getByRole('searchbox').fill('viber');
  await option('Set up Viber').click();
  await page.getByText('Nobody gained anything, and 3 users lost something.').waitFor();
  await region('Hanna Berg').getByText('Ada Lindqvist disabled the feature VIBER.').waitFor();
  assert.equal(await freya.count(), 0);
  await link('Ravi Sharma').click();
  await heading('Ravi Sharma, then and now').waitFor();
});

test('two roles stand side by side', async () => {
  await open('/compare?what=roles');
  await page.getByText('Choose two roles').waitFor();
  for (const [filter, role] of [
    ['Role', 'Campaign manager'],
    ['With', 'Newsletter editor'],
  ]) {
    await page.getByRole('button', { name: filter, exact: true }).click();
    await page.getByRole('searchbox').fill(role);
    await page.getByRole('option', { name: role, exact: true }).click();
  }
  await heading('Campaign manager and Newsletter editor').waitFor();
  await region('Permissions of Campaign manager alone 29').waitFor();
  await region('Users of Newsletter editor alone 3').getByText('chloe.martin').waitFor();
  assert.equal(await page.getByRole('rowheader').count(), 4);
});

test('who may not see the history is told so, and still what differs', async () => {
  const { data } = await ask(
    `mutation($input: CreateRoleInput!) { createRole(input: $input) { errors { message } } }`,
    {
      input: {
        name: 'Looks on',
        grants: [{ permission: 'roles/view' }, { permission: 'users/view' }],
        userIds: ['User:omar-haddad'],
      },
    },
  );
  assert.deepEqual(data.createRole.errors, []);
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(await server.linkFor('omar.haddad'));
  await heading('Roles', theirs).waitFor();
  await open(`/compare?from=${daysAgo(20)}`, theirs);
  await theirs.getByText('you do not have the right to see who changed what').waitFor();
  await region('Hanna Berg', theirs).getByText('Set up Viber').waitFor();
  assert.equal(await region('Hanna Berg', theirs).locator('time').count(), 0);
  await open('/users/hanna-berg?tab=access', theirs);
  await button(/^Why: /, theirs)
    .first()
    .click();
  await theirs.getByText(/gave the role on .* Reasons, and who gave the permission/).waitFor();
  await theirs.context().close();
});

test('why a user has a permission: who gave the role, and who gave the permission to it', async () => {
  await open('/users/luka-novak?tab=access');
  const name = 'Why: Launch or schedule a campaign (sends messages)';
  await button(name).click();
  const why = page.getByRole('list', { name });
  await why.getByText('Ada Lindqvist assigned Luka Novak to the role “Regional campaign lead”.').waitFor();
  await why.getByText('The team now covers more than one region').waitFor();
  await why.getByText(/granted campaigns\/launch .*to the role “Campaign lead EMEA”/).waitFor();
  await why
    .getByText(/the default role “Campaign approval manager”/)
    .first()
    .waitFor();
  await link('Regional campaign lead', why).waitFor();
  assert.equal(await why.locator(':scope > li').count(), 3);
});

test('the life of a role is stepped through by keys, plays by itself, and shows what each change did', async () => {
  await open('/roles?tab=custom');
  await link('Support quality auditor').click();
  await page.getByRole('tab', { name: 'History' }).click();
  await link('Step through its life').click();
  await life().getByText('Change 1 of 2').waitFor();
  await button('Change before', life()).and(page.locator('[disabled]')).waitFor();
  const row = page.locator('main li', { has: page.locator('code', { hasText: /^agents\/view$/ }) });
  await row.getByText('Added:').first().waitFor();
  await page.getByRole('tab', { name: 'Permissions 4' }).waitFor();
  await page.locator('main').focus();
  await hands.press('ArrowRight');
  await life().getByText('Change 2 of 2').waitFor();
  await life().getByText('SEC-51: conversations may not leave the house').waitFor();
  await page.getByRole('tab', { name: 'Permissions 3' }).waitFor();
  await row.getByText('Removed:').first().waitFor();
  await button('Only changed').click();
  assert.equal(await page.getByRole('tabpanel').locator('li').count(), 1);
  // From the end it plays from the beginning, and stops at the end again; the focus stays.
  await button('Play', life()).focus();
  await hands.press('Enter');
  await life().getByText('Change 1 of 2').waitFor();
  await hands.finds('button', 'Pause');
  await life().getByText('Change 2 of 2').waitFor();
  await hands.finds('button', 'Play');
});

test('a review tells exactly who gains and loses; a save that was reviewed is done so, or reviewed anew', async () => {
  await page.evaluate(() => sessionStorage.clear());
  await open('/roles?tab=custom');
  await link('Campaign manager, Nordics').click();
  await button('Open all').click();
  const box = (key) =>
    page.locator('main label', { has: page.locator('code', { hasText: new RegExp(`^${key}$`) }) });
  await box('users/view').click();
  await button('Review').click();
  await dialog().getByText('The access of 2 users changes:').waitFor();
  await dialog().getByRole('heading', { name: 'Freya Olsen and Lars Nilsen' }).waitFor();
  const changed = dialog().getByRole('list', { name: 'What changes for these users' });
  assert.match(
    await changed.textContent(),
    /^\+Added:See users, their roles, status and last loginusers\/view$/,
  );
  await page.getByRole('textbox', { name: 'Reason' }).fill('HR-300');
  // Freya may see users already by another role that she gets meanwhile: the role that is edited is as it was.
  const { data } = await ask(
    `mutation { assignUsers(input: { roleId: "Role:supervisor-for-conversations", userIds: ["User:freya-olsen"] }) { errors { message } } }`,
  );
  assert.deepEqual(data.assignUsers.errors, []);
  await button('Save 1 change', dialog()).click();
  await dialog().getByRole('alert').getByText('Nothing was saved').waitFor();
  await dialog().getByText('One user’s access changes:').waitFor();
  await dialog().getByRole('heading', { name: 'Lars Nilsen' }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Reason' }).inputValue(), 'HR-300');
  await button('Save 1 change', dialog()).click();
  await page.getByText('Saved 1 change').waitFor();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByText('HR-300').first().waitFor();
});

test('nothing was refused by the content security policy, and nothing failed', () => {
  assert.deepEqual(faults, []);
});
