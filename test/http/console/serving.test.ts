import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ownAddress } from '../../../src/http/app';
import { readConsoleFiles } from '../../../src/http/console/console-files';
import { CONSOLE_POLICY } from '../../../src/http/console/pages';
import { CONSOLE_FIXTURE, startTestServer, type TestServer } from '../harness';
import { told } from './browser';

/** The files of the built console, and nothing else. */

const SCRIPT = '/console/assets/page-5eed1e55.js';

let server: TestServer;
beforeAll(async () => (server = await startTestServer()));
afterAll(() => server.close());

const get = (at: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${at}`, { headers, redirect: 'manual' });

/** Sends a path as it is: `fetch` would take the dots out of it. */
const raw = (at: string): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path: at }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });

test('the address of the server leads to the console, and that to its page', async () => {
  const first = await get('/');
  expect([first.status, first.headers.get('location')]).toEqual([302, '/console/']);
  const second = await get('/console');
  expect([second.status, second.headers.get('location')]).toEqual([302, '/console/']);
  const page = await get('/console/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('<base href="/console/">');
});

test('every address below it that is no file is the page, so that links lead into it', async () => {
  const page = await (await get('/console/')).text();
  for (const at of [
    '/console/roles?tab=custom',
    '/console/roles/Role:x',
    '/console/a/b/c.d',
    '/console/index.html',
  ])
    expect(await (await get(at)).text()).toBe(page);
});

test('a file with a hash in its name is kept for ever, the page is asked for again each time', async () => {
  const script = await get(SCRIPT);
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const page = await get('/console/');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const etag = page.headers.get('etag') ?? '';
  for (const sent of [etag, `W/${etag}`, `"other", ${etag}`])
    expect((await get('/console/', { 'if-none-match': sent })).status).toBe(304);
  expect((await get('/console/', { 'if-none-match': '"other"' })).status).toBe(200);
});

test('the page may load nothing that is not of this server, and nothing inline', async () => {
  for (const at of ['/console/', SCRIPT]) {
    const { headers } = await get(at);
    expect(headers.get('content-security-policy')).toBe(CONSOLE_POLICY);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  expect(CONSOLE_POLICY).not.toMatch(/unsafe|\*|https?:/);
  for (const part of ["script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'self'"])
    expect(CONSOLE_POLICY.split('; ')).toContain(part);
});

test('what compresses is sent compressed to who takes that, the same text each time', async () => {
  const plain = Buffer.from(await (await get(SCRIPT, { 'accept-encoding': 'identity' })).arrayBuffer());
  expect(plain.length).toBeGreaterThan(1_000);
  const tags = new Set<string | null>();
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=0.0', null],
    ['', null],
  ] as const) {
    const { status, headers, body } = await encoded(SCRIPT, accepted);
    expect([accepted, status, headers['content-encoding'] ?? null]).toEqual([accepted, 200, encoding]);
    expect(headers['vary']).toBe('accept-encoding');
    const text =
      encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
    expect(text.equals(plain)).toBe(true);
    tags.add(String(headers['etag']));
  }
  expect(tags.size).toBe(3);
});

/** An answer as it came, which `fetch` would unpack. */
const encoded = (
  at: string,
  accepted: string,
): Promise<{ status?: number; headers: Record<string, unknown>; body: Buffer }> =>
  new Promise((resolve, reject) => {
    request(`${server.url}${at}`, { headers: { 'accept-encoding': accepted } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

test('nothing outside of the folder is served, however it is asked for', async () => {
  const page = await (await get('/console/')).text();
  for (const at of [
    '/console/../package.json',
    '/console/../../../package.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console/..%2f..%2fpackage.json',
    '/console/....//package.json',
    '/console/.%00./package.json',
    '/console/%5c..%5cpackage.json',
    '/console//etc/passwd',
    '/console/assets/../../../../package.json',
  ]) {
    const { status, text } = await raw(at);
    expect([at, status, text === page || status === 404 || status === 400]).toEqual([at, status, true]);
    expect(text).not.toMatch(/"rolebook"|root:/);
  }
});

test('a script of another release is not there; the page in its place would be no script', async () => {
  expect(await told(get('/console/assets/page-0000.js'))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(await told(get('/console/assets/../../etc'))).toMatchObject({ status: 404 });
});

test('links that lead out of the folder, and files of unknown types, are not read', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rolebook-console-'));
  try {
    await cp(CONSOLE_FIXTURE, folder, { recursive: true });
    await symlink(path.join(__dirname, '../../../package.json'), path.join(folder, 'package.json'));
    await writeFile(path.join(folder, 'notes.map'), '{}');
    const files = await readConsoleFiles(folder, '/console');
    expect([...(files?.others.keys() ?? [])]).toEqual([
      'assets/page-5eed1e55.js',
      'assets/page-b1a7c0de.css',
    ]);
    await writeFile(path.join(folder, 'index.html'), '<!doctype html>');
    await expect(readConsoleFiles(folder, '/console')).rejects.toThrow(
      'must have <base href="/console/"> once',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('at another path it is there alone', async () => {
  const other = await startTestServer({ environment: { ROLEBOOK_CONSOLE_PATH: '/apps/roles' } });
  try {
    const at = (where: string): Promise<Response> => fetch(`${other.url}${where}`, { redirect: 'manual' });
    expect((await at('/')).headers.get('location')).toBe('/apps/roles/');
    expect(await (await at('/apps/roles/users/x')).text()).toContain('<base href="/apps/roles/">');
    expect((await at('/apps/roles/assets/page-5eed1e55.js')).status).toBe(200);
    expect((await at('/apps/roles/session')).status).toBe(401);
    for (const nothing of ['/console', '/console/', '/console/session', '/apps', '/apps/roles-of-others'])
      expect([nothing, (await at(nothing)).status]).toEqual([nothing, 404]);
  } finally {
    await other.close();
  }
});

test.each([
  ['/roles', '/console'],
  ['/roles/', '/console/'],
  ['/roles?x=1', '/console?x=1'],
  ['/roles/a/b?to=/console/x', '/console/a/b?to=/console/x'],
  ['/rolesx', '/rolesx'],
  ['/console/a', '/not/console/a'],
  ['/consoles', '/consoles'],
  ['/graphql', '/graphql'],
])('with the path /roles %s is %s', (sent, own) => {
  expect(ownAddress(sent, '/roles')).toBe(own);
  expect(ownAddress(sent, '/console')).toBe(sent);
});

test('where it is not built that is said, and all else works', async () => {
  const bare = await startTestServer({ consoleFolder: path.join(CONSOLE_FIXTURE, 'nowhere') });
  try {
    expect(await told(fetch(`${bare.url}/console/roles`))).toMatchObject({
      status: 503,
      code: 'CONSOLE_NOT_BUILT',
    });
    const landing = await fetch(bare.url, { redirect: 'manual' });
    expect([landing.status, await landing.text()]).toEqual([200, expect.stringContaining('/health/ready')]);
    expect((await bare.graphql('{ me { id } }')).status).toBe(200);
    expect(JSON.stringify(bare.log)).toContain('the console is not built');
  } finally {
    await bare.close();
  }
});
