import { randomUUID } from 'node:crypto';
import { issueOperatorToken } from '../../../src/http/authentication/local-tokens';
import { Sealed } from '../../../src/http/console/sealed';
import type { Session } from '../../../src/http/console/sessions';
import { codecOf } from '../../known-positions';
import { ACCOUNT, ADMIN, codesOf, openAccount, startTestServer, type TestServer } from '../harness';
import { createRole, page } from './reader';
import { LOG, Subscriber, type Subscription } from './subscriber';

/** GraphQL subscriptions: what they give, who gets them, and what is refused. */

const OWN = 'https://roles.example.com';
const OTHER = 'https://partner.example.com';

let server: TestServer;
const open: Subscriber[] = [];

beforeAll(async () => {
  server = await startTestServer({
    environment: {
      ROLEBOOK_FEED_HEARTBEAT_MS: '50',
      ROLEBOOK_MIN_POSITION_WAIT_MS: '20',
      ROLEBOOK_PUBLIC_URL: OWN,
      ROLEBOOK_ALLOWED_ORIGINS: OTHER,
    },
  });
  await openAccount(server.run, 'other', 'omar', 'Omar');
});
afterEach(() => open.splice(0).forEach(({ client }) => void client.dispose()));
afterAll(() => server.close());

async function subscriber(options?: Parameters<typeof Subscriber.open>[1]): Promise<Subscriber> {
  const opened = await Subscriber.open(server, options);
  open.push(opened);
  return opened;
}

const register = (user: string): Promise<bigint | null> =>
  server.run({ type: 'registerUser', user, username: user });
const idsOf = (events: readonly { readonly id?: unknown }[]): unknown[] => events.map(({ id }) => id);
const whole = async () => [...(await page(server, { limit: '10000' })).events];
/** Code of the error that a subscription ends with, or of the close of its socket. */
async function codeOf(subscription: Subscription): Promise<unknown> {
  const ended = await subscription.ended;
  return ended && 'extensions' in ended ? ended.extensions.code : ended;
}

/** A user with some permissions, and the role that has them. */
async function reader(user: string, ...permissions: string[]): Promise<{ token: string; role: string }> {
  await register(user);
  const grants = permissions.map((permission) => ({ permission }));
  const role = await createRole(server, { name: `Of ${user}`, grants, userIds: [user] });
  return { token: await server.token(user), role };
}

test('logEvents: the events of the other feeds, from the first into live, and on behind each position', async () => {
  const socket = await subscriber();
  const all = socket.subscribe();
  await all.caughtUp();
  await register('lee');
  const events = await whole();
  await all.until(({ data }) => data.logEvents.event?.id === events.at(-1)!.id);
  expect(idsOf(all.events)).toEqual(idsOf(events));
  expect(all.events.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
  const rest = socket.subscribe(LOG, { after: events.at(-3)!.position });
  await rest.until(({ data }) => data.logEvents.event?.id === events.at(-1)!.id);
  expect(idsOf(rest.events)).toEqual(idsOf(events.slice(-2)));
  const behindId = socket.subscribe(LOG, { after: events.at(-2)!.id });
  await behindId.until(({ data }) => data.logEvents.event?.id === events.at(-1)!.id);
  expect(behindId.events).toHaveLength(1);
  const chosen = socket.subscribe(LOG, { filter: { types: ['UserRegistered'], userId: 'User:lee' } });
  const { data } = await chosen.until((message) => message.data.logEvents.event !== null);
  expect(data.logEvents.event.data.username).toBe('lee');
});

test('an event has all that its envelope has', async () => {
  const [wanted] = (await page(server, { limit: '10000', types: 'AccountOpened' })).events;
  const fields = await server.graphql('{ __type(name: "LogEvent") { fields { name } } }');
  const names: string[] = fields.data.__type.fields.map(({ name }: { name: string }) => name);
  const socket = await subscriber();
  const said = socket.subscribe(
    `subscription { logEvents(filter: { types: ["AccountOpened"] }) { event { ${names.join(' ')} } } }`,
  );
  const { data } = await said.until((message) => message.data.logEvents.event !== null);
  const given = Object.entries(data.logEvents.event).filter(([, value]) => value !== null);
  expect(Object.fromEntries(given)).toEqual(wanted);
});

test('roleChanged and userChanged: the thing as it is now, and the entry of history to those who may see it', async () => {
  const { token } = await reader('rita', 'roles/view', 'users/view');
  const role = await createRole(server, { name: 'Desk', grants: [], userIds: [] });
  const { extensions } = await server.graphql('{ me { id } }');
  const after = extensions!.position;
  const socket = await subscriber({ token });
  const ofRole = socket.subscribe(
    `subscription ($id: ID!, $after: Position) { roleChanged(id: $id, afterPosition: $after)
      { position role { id name userCount } event { type summary } } }`,
    { id: `Role:${role}`, after },
  );
  const ofUser = socket.subscribe(
    `subscription ($after: Position) { userChanged(id: "User:rita", afterPosition: $after)
      { user { id roles { name } } } }`,
    { after },
  );
  await server.run({ type: 'updateRole', role, name: 'Front desk' });
  await server.run({ type: 'assignUsers', role, userIds: ['rita'] });
  const first = await ofRole.until(() => true);
  expect(first.data.roleChanged.role).toMatchObject({ id: `Role:${role}`, name: 'Front desk' });
  expect(first.data.roleChanged.event).toBeNull();
  expect(first.errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toEqual([
    'FORBIDDEN',
  ]);
  expect(first.extensions.position).toEqual(expect.any(String));
  await ofRole.until(({ data }) => data.roleChanged.role.userCount === 1);
  const told = await ofUser.until(({ data }) => data.userChanged.user.roles.length === 2);
  expect(told.errors).toBeUndefined();
  const seen = (await subscriber()).subscribe(
    'subscription ($id: ID!) { roleChanged(id: $id) { event { command } } }',
    { id: `Role:${role}` },
  );
  await seen.until(({ data }) => data.roleChanged.event?.command === 'createRole');
});

test('accountChanged: how far the account has come, to whoever is an active user of it', async () => {
  const { token, role } = await reader('plain');
  const socket = await subscriber({ token });
  const changed = socket.subscribe('subscription { accountChanged { position } }');
  const last = async (): Promise<unknown> => (await whole()).at(-1)!.position;
  const before = await last();
  expect((await changed.until(() => true)).data.accountChanged.position).toBe(before);
  await server.run({ type: 'updateRole', role, name: 'Plainer' });
  const after = await last();
  await changed.until(({ data }) => data.accountChanged.position === after);
  const seen = changed.messages.length;
  // Those of another account are nothing to this one.
  await server.run({ type: 'registerUser', user: 'ori', username: 'ori' }, { account: 'other' });
  await changed.until((message) => changed.messages.indexOf(message) >= seen);
  expect(changed.messages.at(-1)!.data.accountChanged.position).toBe(after);
  await server.run({ type: 'deactivateUser', user: 'plain' });
  expect(await codeOf(changed)).toBe('UNAUTHENTICATED');
});

test('who is not told what: no token, a bad one, an operator’s, one without the right', async () => {
  const closing = async (token: string | null) => {
    const socket = await subscriber({ token });
    const subscription = socket.subscribe();
    const { code, reason } = await socket.closed;
    await subscription.ended;
    return [code, reason];
  };
  const over = [4401, 'UNAUTHENTICATED'];
  expect(await closing(null)).toEqual(over);
  expect(await closing('nonsense')).toEqual(over);
  expect(await closing(await issueOperatorToken(server.signingKey))).toEqual(over);
  const { token } = await reader('nina', 'roles/view');
  const socket = await subscriber({ token });
  expect(await codeOf(socket.subscribe())).toBe('FORBIDDEN');
  expect(await codeOf(socket.subscribe('subscription { userChanged(id: "User:nina") { position } }'))).toBe(
    'FORBIDDEN',
  );
  expect(server.log.filter(({ operation }) => operation === 'Subscription.logEvents')).toHaveLength(1);
  const header = await subscriber({
    token: null,
    headers: { authorization: `Bearer ${await server.token(ADMIN)}` },
  });
  await header.subscribe().caughtUp();
});

test('a position that cannot be served is refused, never jumped over', async () => {
  const codec = await codecOf(server.store);
  const { ordinal } = server.readModels.status();
  const place = server.readModels.findPlace(ordinal)!;
  const socket = await subscriber();
  const after = (text: string) => codeOf(socket.subscribe(LOG, { after: text }));
  expect(await after('nonsense')).toBe('BAD_USER_INPUT');
  expect(await after(randomUUID())).toBe('BAD_USER_INPUT');
  expect(await after(codec.encode(place, 'other'))).toBe('BAD_USER_INPUT');
  expect(await after('00000000.0000000000000000000000000')).toBe('POSITION_OF_ANOTHER_STORE');
  expect(await after(codec.encode({ ...place, time: place.time + 1 }, ACCOUNT))).toBe('POSITION_OF_A_FORK');
  const beyond = codec.encode({ ...place, ordinal: ordinal + 1_000 }, ACCOUNT);
  expect(await after(beyond)).toBe('POSITION_NOT_REACHED');
});

test('documents that may not run are refused with the codes of requests', async () => {
  const socket = await subscriber();
  const code = (query: string, variables = {}) => codeOf(socket.subscribe(query, variables));
  expect(await code('{ me { id } }')).toBe('BAD_USER_INPUT');
  expect(await code('mutation { deleteRole(input: { id: "Role:x" }) { position } }')).toBe('BAD_USER_INPUT');
  expect(await code('subscription {')).toBe('GRAPHQL_PARSE_FAILED');
  expect(await code('subscription { nothing { id } }')).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await code('subscription { a: logEvents { position } b: logEvents { position } }')).toBe(
    'GRAPHQL_VALIDATION_FAILED',
  );
  expect(await code('subscription ($a: ID!) { roleChanged(id: $a) { position } }')).toBe('BAD_USER_INPUT');
  expect(await code('subscription { roleChanged(id: "User:x") { position } }')).toBe('BAD_USER_INPUT');
  expect(await code(LOG, { filter: { types: ['Nonsense'] } })).toBe('BAD_USER_INPUT');
  const members = Array.from(
    { length: 90 },
    (_, n) => `m${n}: users(first: 200) { edges { node { id roles { id name } } } }`,
  );
  const deep = `subscription { roleChanged(id: "Role:account-admin") { role { ${members.join(' ')} } } }`;
  expect(await code(deep)).toBe('QUERY_TOO_COMPLEX');
  const posted = await server.graphql('subscription { logEvents { position } }');
  expect([posted.status, codesOf(posted)]).toEqual([400, ['BAD_USER_INPUT']]);
  expect(posted.errors![0]!.message).toContain('WebSocket');
});

test('a page of another site gets no socket, whatever it has', async () => {
  const at = Date.now();
  const sealed = new Sealed<Session>(server.signingKey, 'session');
  const session = {
    id: randomUUID(),
    account: ACCOUNT,
    user: ADMIN,
    identity: null,
    beganAt: at,
    seenAt: at,
  };
  const cookie = `rolebook-session=${await sealed.seal(session)}`;
  const outcome = async (headers: Record<string, string>, token: string | null = null) => {
    const socket = await subscriber({ token, headers });
    const subscription = socket.subscribe(LOG, { filter: { types: ['RoleDeleted'] } });
    const caught = subscription.caughtUp().then(
      () => 'open',
      () => null,
    );
    return (
      (await Promise.race([caught, socket.closed.then(({ code }) => code)])) ?? (await socket.closed).code
    );
  };
  const token = await server.token(ADMIN);
  const foreign = 'https://evil.example';
  // The session is not enough for a page of this server’s partner, nor for a program.
  expect(await outcome({ cookie, origin: OWN })).toBe('open');
  expect(await outcome({ cookie, origin: server.url })).toBe('open');
  expect(await outcome({ cookie, origin: OTHER })).toBe(4403);
  expect(await outcome({ cookie })).toBe(4403);
  expect(await outcome({ cookie, origin: OWN, 'sec-fetch-site': 'same-site' })).toBe(1006);
  expect(await outcome({ cookie, origin: foreign })).toBe(1006);
  expect(await outcome({ origin: foreign }, token)).toBe(1006);
  expect(await outcome({ origin: 'null' }, token)).toBe(1006);
  expect(await outcome({ origin: OTHER }, token)).toBe('open');
});
