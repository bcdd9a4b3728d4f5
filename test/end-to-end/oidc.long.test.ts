import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReadOnly } from '../../projections';
import { remoteOperatorBus } from '../../src/cli/remote-bus';
import type { Command } from '../../src/commands/command';
import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { loadSigningKey } from '../../src/http/authentication/signing-key';
import { operatorContext } from '../../src/operator/operator';
import { Installation, type ServerProcess } from './installation';
import { startProvider, type OidcProvider } from './provider';

/** A server that takes the tokens of a real provider, as an operator sets it up. */

const ME = '{ me { id username name } }';
const installation = new Installation();
let provider: OidcProvider;
let server: ServerProcess;
let settings: Record<string, string>;

interface Asked {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly me: { readonly id: string; readonly username: string; readonly name: string } | undefined;
}

async function ask(token: string): Promise<Asked> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: ME }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { me: Asked['me'] };
    errors?: { extensions: { code: string } }[];
  };
  const { status, headers } = response;
  return { status, code: errors?.[0]?.extensions.code, retryAfter: headers.get('retry-after'), me: data?.me };
}

/** Gives a command as the command line does: through the socket of the server. */
async function operate(command: Command): Promise<void> {
  const note = readFileSync(path.join(installation.directory, 'server.json'), 'utf8');
  const { socket } = JSON.parse(note) as { socket: string };
  const context = operatorContext('acme', { operator: 'test' });
  const [answer] = await remoteOperatorBus({ socket }).executeAll([{ command, context }]);
  expect(answer).toMatchObject({ accepted: true });
}

/** Links a user through a server in local mode, whose operators have tokens. */
async function linkLocally(url: string, username: string): Promise<void> {
  const readModels = openReadOnly(installation.directory);
  const user = [...readModels.view('acme').userIds([username]).values()][0] ?? '';
  readModels.close();
  const key = loadSigningKey({ signingKeyFile: path.join(installation.directory, 'signing.key') });
  const bus = remoteOperatorBus({ url, token: await issueOperatorToken(key) });
  const command: Command = { type: 'linkUserIdentity', user, issuer: provider.issuer, subject: username };
  const [answer] = await bus.executeAll([
    { command, context: operatorContext('acme', { operator: 'test' }) },
  ]);
  expect(answer).toMatchObject({ accepted: true });
}

const link = (user: string, subject: string): Promise<void> =>
  operate({ type: 'linkUserIdentity', user, issuer: provider.issuer, subject });

beforeAll(async () => {
  provider = await startProvider();
  settings = {
    ROLEBOOK_OIDC_ISSUER: provider.issuer,
    ROLEBOOK_OIDC_AUDIENCE: 'rolebook',
    ROLEBOOK_OIDC_CLIENT_ID: 'console',
    ROLEBOOK_OIDC_REGISTER: 'on',
    ROLEBOOK_RATE_LIMIT: '0',
    HOST: '0.0.0.0',
  };
  server = await installation.start(settings);
  server = { ...server, url: server.url.replace('0.0.0.0', '127.0.0.1') };
  const opened = await installation.rolebook('account', 'open', 'acme', '--admin', 'boss');
  expect(opened).toMatchObject({ code: 0 });
  await operate({ type: 'registerUser', user: 'robot', username: 'robot' });
  await link('robot', 'service');
});
afterAll(async () => {
  await server.stop();
  installation.remove();
  await provider.stop();
});

test('A service with client credentials is the user whom its subject is linked to', async () => {
  expect((await ask(await provider.service())).me).toMatchObject({ id: 'User:robot' });
});

test('A person who signs in by the code flow becomes a user; the ID token of that is none to ask with', async () => {
  const { access, id } = await provider.person('nora');
  expect((await ask(access)).me).toMatchObject({ username: 'nora@example.com', name: 'nora' });
  expect(await ask(id)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  const again = await provider.person('nora');
  expect((await ask(again.access)).me).toEqual((await ask(access)).me);
});

test('A revoked admin is refused at the next request', async () => {
  const { access } = await provider.person('adam');
  const { me } = await ask(access);
  const user = String(me?.id).replace('User:', '');
  await operate({ type: 'assignUsers', role: 'account-admin', userIds: [user] });
  expect((await ask(access)).status).toBe(200);
  await operate({ type: 'unlinkUserIdentity', user, issuer: provider.issuer, subject: 'adam' });
  expect(await ask(access)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  await link(user, 'adam');
  expect((await ask(access)).status).toBe(200);
  await operate({ type: 'deactivateUser', user });
  expect(await ask(access)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
});

test('Local tokens and the operator’s address are not there', async () => {
  const made = await installation.rolebook('token', 'boss', '--account', 'acme');
  expect(made.code).toBe(0);
  expect((await ask(made.stdout.trim())).status).toBe(401);
  const operator = await installation.rolebook('token', '--operator');
  const response = await fetch(`${server.url}/operator/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${operator.stdout.trim()}` },
    body: '[]',
  });
  expect(response.status).toBe(404);
});

test('Keys change under load without a refused request', async () => {
  const rotations = 6;
  const refused: Asked[] = [];
  const keys = new Set<string>();
  let asked = 0;
  let running = true;
  const worker = async (): Promise<void> => {
    while (running) {
      const token = await provider.service();
      const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
      keys.add((JSON.parse(header) as { kid: string }).kid);
      const answer = await ask(token);
      asked += 1;
      if (answer.status !== 200) refused.push(answer);
    }
  };
  const workers = Array.from({ length: 8 }, worker);
  try {
    for (let count = 0; count < rotations; count += 1) {
      await sleep(400);
      await provider.tell('rotate');
    }
    await sleep(400);
  } finally {
    running = false;
    await Promise.all(workers);
  }
  expect(refused).toEqual([]);
  expect(keys.size).toBe(rotations + 1);
  expect(asked).toBeGreaterThan(rotations * 8);
});

test('While the provider is away known keys go on, others are told to come back, and do', async () => {
  const known = await provider.service();
  expect((await ask(known)).status).toBe(200);
  await provider.tell('rotate');
  const unknown = await provider.service();
  await provider.tell('down');
  const away = { status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE', retryAfter: '1' };
  for (let seconds = 0; seconds < 4; seconds += 1) {
    expect(await ask(unknown)).toMatchObject(away);
    expect((await ask(known)).status).toBe(200);
    await sleep(1_000);
  }
  await provider.tell('up');
  for (let tries = 0; tries < 40 && (await ask(unknown)).status !== 200; tries += 1) await sleep(500);
  expect((await ask(unknown)).status).toBe(200);
});

test('A start while the provider is away serves, and refuses where no admin could sign in', async () => {
  await server.stop();
  const refusing = installation.start(settings);
  await expect(refusing).rejects.toThrow(/identity link <username> --account acme/);
  const local = await installation.start({ ROLEBOOK_DEMO: 'off', ROLEBOOK_LOG_LEVEL: 'warn' });
  await linkLocally(local.url, 'boss');
  await local.stop();
  const token = await provider.service();
  await provider.tell('down');
  server = await installation.start(settings);
  server = { ...server, url: server.url.replace('0.0.0.0', '127.0.0.1') };
  expect(await ask(token)).toMatchObject({ status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE' });
  await provider.tell('up');
  for (let tries = 0; tries < 40 && (await ask(token)).status !== 200; tries += 1) await sleep(500);
  expect((await ask(token)).status).toBe(200);
});
