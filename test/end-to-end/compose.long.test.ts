import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { compose, settingsOf } from '../compose-file';
import { newDirectory, removeDirectory } from '../directories';
import { Installation, type ServerProcess } from './installation';

/**
 * The compose file without containers: the provider by the program that its image runs, and Rolebook with the settings of
 * a replica, on an embedded log. Addresses are others, and so are folders of data and of secrets.
 */

const FOLDER = 'deploy/identity-provider';
const CALL = promisify(execFile);
const directory = newDirectory();
const secrets = path.join(directory, 'secrets');
const secret = (name: string): string => readFileSync(path.join(secrets, name), 'utf8').trim();

let providerSettings: Record<string, string>;
let provider: Program;
let issuer: string;
let installation: Installation;
let server: ServerProcess;
/** Access token of the admin, from the first test on. */
let boss: string;

interface Program {
  /** Value in the line that it prints first. */
  readonly told: string;
  stop(): Promise<void>;
}

/** Starts a program; resolves with what it says in a line of the form. */
async function program(
  words: readonly string[],
  env: Record<string, string>,
  form: RegExp,
): Promise<Program> {
  const child: ChildProcess = spawn(process.execPath, words, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, told] = form.exec(line) ?? [];
    if (told !== undefined) return { told, stop };
  }
  throw new Error(`${words.join(' ')} ended.`);
}

const startProvider = (at: string): Promise<Program> =>
  program(
    [path.join(FOLDER, 'provider.mjs')],
    { ...providerSettings, ISSUER: at },
    /^The identity provider serves on (\S+)$/,
  );

beforeAll(async () => {
  copyFileSync('deploy/make-secrets.sh', path.join(directory, 'make-secrets.sh'));
  execFileSync('sh', [path.join(directory, 'make-secrets.sh')]);
  providerSettings = {
    ...settingsOf('identity-provider', secrets),
    HOST: '127.0.0.1',
    DATA_DIR: path.join(directory, 'provider'),
  };
  provider = await startProvider('http://127.0.0.1:0');
  issuer = provider.told;
  providerSettings.ISSUER = issuer;
  const settings = Object.entries(settingsOf('rolebook-a', secrets)).filter(
    ([name]) => !name.startsWith('EVENTSTOREDB_') && name !== 'PORT',
  );
  installation = new Installation({ ...Object.fromEntries(settings), ROLEBOOK_OIDC_ISSUER: issuer });
  server = await installation.start({ ROLEBOOK_STOP_NOTICE_MS: '0' });
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
  installation.remove();
  removeDirectory(directory);
});

/** An access token of a person, by the program that the guide calls: the code flow with PKCE. */
async function tokenOf(person: string): Promise<string> {
  const { stdout } = await CALL(process.execPath, [path.join(FOLDER, 'token.mjs'), person], {
    env: providerSettings,
  });
  return stdout.trim();
}

/** An access token of the client of services, as the guide has curl ask for it. */
async function tokenOfService(password = secret('service-client')): Promise<string | undefined> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`service:${password}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return ((await response.json()) as { access_token?: string }).access_token;
}

const ask = (token: string): Promise<{ data?: unknown; errors?: unknown }> =>
  server.graphql('{ me { username name roles { id } } }', {}, { authorization: `Bearer ${token}` });

test('The admin of an account that was opened for a subject signs in by the code flow, and is answered', async () => {
  const words = ['account', 'open', 'acme', '--admin', 'boss', '--features', 'all'];
  const opened = await installation.rolebook(...words, '--issuer', issuer, '--subject', 'boss');
  expect(opened).toMatchObject({ code: 0 });
  expect(opened.stderr).not.toContain('rolebook token');
  boss = await tokenOf('boss');
  expect(await ask(boss)).toMatchObject({
    data: { me: { username: 'boss', roles: [{ id: 'Role:account-admin' }] } },
  });
});

test('A service by client credentials, and a person who was never there, become users without roles', async () => {
  expect(await ask((await tokenOfService()) ?? '')).toMatchObject({
    data: { me: { username: 'service', roles: [] } },
  });
  expect(await ask(await tokenOf('nora'))).toMatchObject({ data: { me: { name: 'Nora Vance', roles: [] } } });
  expect(await tokenOfService('another')).toBeUndefined();
  await expect(tokenOf('nobody')).rejects.toThrow('answered 403');
});

test('Tokens have the form of RFC 9068, and that of an operator is no user’s', async () => {
  const token = await tokenOf('operator');
  const [header = '', claims = ''] = token.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  expect(read(claims)).toMatchObject({
    iss: issuer,
    aud: compose.services['rolebook-a']?.environment?.ROLEBOOK_OIDC_AUDIENCE,
    sub: 'operator',
    client_id: 'console',
    roles: ['rolebook-operator'],
  });
  expect(await ask(token)).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

test('A restart of the provider keeps its keys, so that tokens are good before and after', async () => {
  const keys = async (): Promise<unknown> => (await fetch(`${issuer}/jwks`)).json();
  const before = await keys();
  await provider.stop();
  provider = await startProvider(issuer);
  expect(await keys()).toEqual(before);
  for (const each of [boss, await tokenOf('boss')])
    expect(await ask(each)).toMatchObject({ data: { me: { username: 'boss' } } });
});

test('Metrics are for whoever has the token of scrapers', async () => {
  const statusWith = async (token: string): Promise<number> =>
    (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await statusWith(secret('people'))).toBe(401);
  expect(await statusWith(secret('metrics-token'))).toBe(200);
});

test('The page of operators says what a token comes to, beside the server', async () => {
  const page = await program(['bin/rolebook.js', 'oidc', 'page'], installation.settings, /^(http:\S+)$/);
  const body = new URLSearchParams({ token: boss });
  const response = await fetch(page.told, { method: 'POST', body });
  const text = await response.text();
  await page.stop();
  expect(text).toMatch(/Let in as User:\S+ of the account acme\./);
  expect(text).toContain('(account-admin)');
});
