import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** One stream for all tabs of a browser: who has it, who goes on with it, and what is done without one. */

let server;
let browser;
let context;
let first;
let second;
const faults = [];
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
  context = await browser.newContext();
  first = await tabAt(server.link);
  second = await tabAt(new URL('/console/roles?tab=custom', server.url).href);
  await first.goto(new URL('/console/roles?tab=custom', server.url).href);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function tabAt(address) {
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(address);
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  return page;
}

/** Sockets that the server has open. */
async function sockets() {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  return Number(/^rolebook_feed_readers\{by="socket"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

async function untilSockets(wanted) {
  while ((await sockets()) !== wanted) await sleep(50);
}

/** Requests of the API that a page sends from now on. */
function watch(page) {
  const sent = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postData());
  });
  return sent;
}

/** Names a role anew as somebody without a browser. */
async function rename(from, to) {
  const { token, role } = await asMarta(from);
  const answer = await ask(
    token,
    'mutation($input: UpdateRoleInput!) { updateRole(input: $input) { errors { code } } }',
    {
      input: { id: role, name: to },
    },
  );
  assert.deepEqual(answer.data.updateRole.errors, []);
}

async function asMarta(name) {
  const token = await server.rolebook('token', 'marta.kovac');
  const { data } = await ask(token, '{ roles(first: 50, kind: CUSTOM) { nodes { id name } } }');
  return { token, role: data.roles.nodes.find((role) => role.name === name).id };
}

async function ask(token, query, variables) {
  const response = await fetch(new URL('/graphql', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined);
  return answer;
}

/** Without a stream there are two or three questions in that time. */
function assertSeldom(sent) {
  for (const each of sent) assert.ok(each.length <= 1, String(each));
}

const shows = (page, name) => page.getByRole('link', { name, exact: true }).waitFor();

test('two tabs have one socket, ask little while nothing changes, and show what does', async () => {
  await untilSockets(1);
  await Promise.all([first, second].map((page) => shows(page, 'Newsletter editor')));
  await sleep(1_500);
  const sent = [watch(first), watch(second)];
  await sleep(2_500);
  assertSeldom(sent);
  assert.equal(await sockets(), 1);
  await rename('Newsletter editor', 'Newsletter desk');
  await Promise.all([first, second].map((page) => shows(page, 'Newsletter desk')));
  // Each tab asked how far the log is, and for what it shows.
  for (const each of sent) assert.ok(each.length >= 2);
});

test('the tab that has it is closed: another one goes on, without a gap', async () => {
  const third = await tabAt(new URL('/console/roles?tab=custom', server.url).href);
  await shows(third, 'Newsletter desk');
  await Promise.all([first.close(), rename('Newsletter desk', 'Newsletter team')]);
  await Promise.all([second, third].map((page) => shows(page, 'Newsletter team')));
  await untilSockets(1);
  await sleep(1_500);
  const sent = [watch(second), watch(third)];
  await sleep(2_500);
  assertSeldom(sent);
  await rename('Newsletter team', 'Newsletter editor');
  await Promise.all([second, third].map((page) => shows(page, 'Newsletter editor')));
  await third.close();
});

test('a server that stops and comes back is followed again', async () => {
  await server.halt();
  await second.getByText('What you see may be old').waitFor();
  await server.resume();
  await second.getByText('What you see may be old').waitFor({ state: 'detached' });
  await untilSockets(1);
  await rename('Newsletter editor', 'Newsletter desk');
  await shows(second, 'Newsletter desk');
});

test('where sockets are refused, the tab asks as before', async () => {
  await context.routeWebSocket(/\/graphql$/, (socket) => socket.close());
  await second.reload();
  await shows(second, 'Newsletter desk');
  await untilSockets(0);
  const sent = watch(second);
  await rename('Newsletter desk', 'Newsletter editor');
  await shows(second, 'Newsletter editor');
  assert.ok(sent.length > 0);
});

test('nothing failed on the way', () => {
  assert.deepEqual(faults, []);
});
