import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Sign-in by the printed link, in a real browser. */

let server;
let browser;
before(async () => {
  server = await startServer();
  ({ browser } = await startBrowser());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Status and body of the session, as a script of the page is told it. */
const sessionIn = (page) =>
  page.evaluate(async () => {
    const answer = await fetch(new URL('session', document.baseURI), {
      headers: { 'rolebook-console': '1' },
    });
    return { status: answer.status, ...(await answer.json()) };
  });

test('the printed link signs in, a reload keeps the session, a sign-out ends it', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });

  await page.goto(server.link);
  assert.match(new URL(page.url()).pathname, /^\/console\/roles$/);
  const session = await sessionIn(page);
  assert.equal(session.status, 200);
  assert.equal(session.account, 'demo');
  assert.equal(session.user.username, 'admin');

  // The browser keeps it from scripts and from other sites.
  assert.equal(await page.evaluate(() => document.cookie), '');
  const [cookie, ...more] = await context.cookies();
  assert.deepEqual(more, []);
  assert.deepEqual(
    { name: cookie.name, httpOnly: cookie.httpOnly, sameSite: cookie.sameSite, path: cookie.path },
    { name: 'rolebook-session', httpOnly: true, sameSite: 'Strict', path: '/' },
  );

  await page.reload();
  assert.deepEqual((await sessionIn(page)).user, session.user);

  const status = await page.evaluate(async () => {
    const headers = { 'rolebook-console': '1' };
    return (await fetch(new URL('sign-out', document.baseURI), { method: 'POST', headers })).status;
  });
  assert.equal(status, 204);
  assert.equal((await sessionIn(page)).status, 401);
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  assert.equal((await sessionIn(page)).errors[0].extensions.signIn, 'local');

  // The same link is for one use.
  await page.goto(server.link);
  assert.match(await page.textContent('main'), /was used already/);
  assert.deepEqual(faults, []);
  await context.close();
});

test('a link of the command line signs in another person, in a browser of their own', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await server.linkFor('ana.horvat'));
  assert.equal((await sessionIn(page)).user.username, 'ana.horvat');
  // The address of the server leads them to the console, signed in.
  await page.goto(server.url);
  assert.match(new URL(page.url()).pathname, /^\/console\//);
  assert.equal((await sessionIn(page)).status, 200);
  await context.close();
});

test('a page of another site can neither use the session nor frame the console', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await server.linkFor('admin'));
  assert.equal((await sessionIn(page)).status, 200);
  // Another host name of this machine is another site.
  const other = new URL('/health/live', server.url);
  other.hostname = 'localhost';
  await page.route(`${other.origin}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto(other.href);
  const outcome = await page.evaluate(async (url) => {
    try {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'rolebook-console': '1', 'content-type': 'application/json' },
        body: '{"query":"{ me { id } }"}',
      });
      return answer.status;
    } catch {
      return 'refused by the browser';
    }
  }, server.url);
  assert.equal(outcome, 'refused by the browser');
  const framed = await page.evaluate(async (url) => {
    const frame = document.createElement('iframe');
    frame.src = `${url}/console/`;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    return frame.contentDocument === null;
  }, server.url);
  assert.equal(framed, true);
  const [, frame] = page.frames();
  assert.match(frame.url(), /^chrome-error:/);
  await context.close();
});
