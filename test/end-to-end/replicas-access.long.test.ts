import { setTimeout as sleep } from 'node:timers/promises';
import { openEventStoreDb } from '../../src/event-store/eventstoredb';
import { PATCH_OP, USER } from '../http/scim/client';
import { Installation, type ServerProcess } from './installation';
import { serverLogs, type ServerLog } from './server-logs';

/**
 * Access of people and programs on two replicas of one log in a server: API keys, identities, SCIM. One replica changes
 * it, the other one goes by it. Their events need schema 3, and are written once all that follow the log read it.
 */

interface Outcome {
  readonly errors: readonly { readonly code: string }[];
  readonly position: string;
  readonly secret?: string | null;
  readonly apiKey?: { readonly id: string } | null;
  readonly user?: { readonly id: string; readonly name: string; readonly status: string } | null;
}
interface Done extends Outcome {
  readonly refused: readonly string[];
  /** Code of a request that failed as a whole. */
  readonly code: string | undefined;
}

const PARTS: Readonly<Record<string, string>> = {
  createApiKey: 'secret apiKey { id }',
  revokeApiKey: 'apiKey { id }',
};

async function mutate(server: ServerProcess, field: string, input: object): Promise<Done> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const parts = PARTS[field] ?? 'user { id name status }';
  const query = `mutation ($input: ${type}) { ${field}(input: $input) { errors { code } position ${parts} } }`;
  const { data, errors } = await server.graphql<Record<string, Outcome> | null>(query, { input });
  const outcome = data?.[field] ?? { errors: [], position: '' };
  const refused = outcome.errors.map(({ code }) => code);
  return { ...outcome, refused, code: errors?.[0]?.extensions.code };
}

/** The same, where it must be accepted. */
async function accepted(server: ServerProcess, field: string, input: object): Promise<Done> {
  const done = await mutate(server, field, input);
  expect([field, done.code, done.refused]).toEqual([field, undefined, []]);
  return done;
}

const at = (position: string) => ({ 'rolebook-min-position': position });

async function scim(
  server: ServerProcess,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const headers = {
    authorization: `Bearer ${server.token}`,
    ...(body && { 'content-type': 'application/scim+json' }),
  };
  const response = await fetch(`${server.url}/scim/v2${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function until<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look();
    if (wanted(found)) return found;
    await sleep(500);
  }
}

const ISSUER = 'https://login.example';

describe.each(serverLogs)('Access on two replicas of a log in %s', (_name, open) => {
  let log: ServerLog;
  let installations: [Installation, Installation];
  let one: ServerProcess;
  let other: ServerProcess;

  beforeAll(async () => {
    log = await open();
    const first = new Installation(log.settings);
    installations = [first, first.replica()];
    [one, other] = (await Promise.all(installations.map((each) => each.start()))) as [
      ServerProcess,
      ServerProcess,
    ];
  });
  afterAll(async () => {
    await Promise.all([one, other].map((server) => server.stop()));
    installations[0].remove();
    log.stop();
  });

  /** The status of a request with a key, and who asks by it. */
  const askWith = async (server: ServerProcess, key: string, position: string): Promise<unknown[]> => {
    // Its own token shows the position first: a key that is not known yet is refused before anything is waited for.
    expect((await server.graphql('{ me { id } }', {}, at(position))).errors).toBeUndefined();
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });
    const { data } = (await response.json()) as { data?: { me: { id: string } } };
    return [response.status, data?.me.id];
  };

  test('a key that one creates lets a program in at the other, until the other revokes it', async () => {
    const registration = { id: 'User:night-run', username: 'night-run', kind: 'SERVICE' };
    await accepted(one, 'registerUser', registration);
    const { secret, apiKey, position } = await accepted(one, 'createApiKey', {
      userId: registration.id,
      name: 'Nightly',
    });
    expect(secret).toMatch(/^rbk_/);
    for (const server of [one, other])
      expect(await askWith(server, secret!, position)).toEqual([200, registration.id]);

    const revoked = await accepted(other, 'revokeApiKey', { id: apiKey!.id });
    for (const server of [one, other])
      expect(await askWith(server, secret!, revoked.position)).toEqual([401, undefined]);
  });

  test('an identity is linked to one user, whichever replica is asked, and may be linked again', async () => {
    const identity = { issuer: ISSUER, subject: 'nora-1' };
    const link = (server: ServerProcess, user: string) =>
      mutate(server, 'linkUserIdentity', { id: `User:${user}`, ...identity });
    const outcomes = await Promise.all([link(one, 'ana-horvat'), link(other, 'luka-novak')]);
    expect(outcomes.map(({ code }) => code)).toEqual([undefined, undefined]);
    expect(outcomes.flatMap(({ refused }) => refused)).toEqual(['IDENTITY_TAKEN']);

    const won = outcomes.findIndex(({ refused }) => refused.length === 0);
    const [holder, loser] = won === 0 ? ['ana-horvat', 'luka-novak'] : ['luka-novak', 'ana-horvat'];
    await accepted(won === 0 ? other : one, 'unlinkUserIdentity', { id: `User:${holder}`, ...identity });
    expect((await link(one, loser!)).refused).toEqual([]);
    expect((await link(other, holder!)).refused).toEqual(['IDENTITY_TAKEN']);
  });

  test('who joins and leaves by SCIM at one does so at the other', async () => {
    const joiner = {
      schemas: [USER],
      userName: 'joiner@example.com',
      displayName: 'Joan Joiner',
      active: true,
    };
    const { status, body } = await scim(one, 'POST', '/Users', { ...joiner, externalId: 'P-1' });
    expect([status, body]).toMatchObject([201, { userName: joiner.userName, externalId: 'P-1' }]);
    const found = await until(
      () => scim(other, 'GET', `/Users/${String(body['id'])}`),
      (answer) => answer.status !== 404,
    );
    expect(found.body).toMatchObject({ displayName: 'Joan Joiner', active: true });
    // The claim on the name is the log's, wherever it is asked for.
    expect((await scim(other, 'POST', '/Users', joiner)).status).toBe(409);

    const leaving = { schemas: [PATCH_OP], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] };
    const left = await scim(other, 'PATCH', `/Users/${String(body['id'])}`, leaving);
    expect(left).toMatchObject({ status: 200, body: { active: false } });
    await until(
      () => scim(one, 'GET', `/Users/${String(body['id'])}`),
      (answer) => answer.body['active'] === false,
    );
  });

  test('while a process of an earlier release follows the log no such event is written', async () => {
    const { url, settings } = log;
    const earlier = await openEventStoreDb({ url, streamPrefix: settings.ROLEBOOK_STREAM_PREFIX, reads: 2 });
    const ending = new AbortController();
    let probes = 0;
    const following = (async () => {
      for await (const item of earlier.subscribe({ signal: ending.signal })) void item;
    })();
    const create = () =>
      mutate(one, 'createApiKey', { userId: 'User:night-run', name: 'Later', idempotencyKey: 'later' });
    try {
      // Each replica uses for a while what it was told last.
      for (const server of [one, other])
        await until(
          () => mutate(server, 'registerUser', { username: `probe-${(probes += 1)}`, kind: 'SERVICE' }),
          ({ code }) => code === 'UPGRADE_INCOMPLETE',
        );
      expect((await create()).code).toBe('UPGRADE_INCOMPLETE');
      // A person needs schema 2.
      await accepted(one, 'registerUser', { id: 'User:person', username: 'person' });
    } finally {
      ending.abort();
      await following.catch(() => undefined);
      await earlier.close();
    }
    log.age();
    const created = await until(create, ({ code }) => code !== 'UPGRADE_INCOMPLETE');
    expect([created.code, created.refused]).toEqual([undefined, []]);
    expect(await askWith(other, created.secret!, created.position)).toEqual([200, 'User:night-run']);
  });

  test('both, and one that reads the log anew, have the same digest', async () => {
    const { position } = await accepted(one, 'registerUser', { id: 'User:last', username: 'last' });
    const third = installations[0].replica();
    const anew = await third.start();
    const digests: string[] = [];
    for (const [server, of] of [
      [one, installations[0]],
      [other, installations[1]],
      [anew, third],
    ] as const) {
      expect((await server.graphql('{ me { id } }', {}, at(position))).errors).toBeUndefined();
      digests.push((await of.rolebook('digest')).stdout.trim());
    }
    await anew.stop();
    expect(digests[0]).toMatch(/^\d+:[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(1);
  });
});
