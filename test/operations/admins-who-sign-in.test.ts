import { demandAdmins } from '../../src/app/demand-admins';
import { loadConfig } from '../../src/config/config';
import { adminsWhoSignIn } from '../../src/operations/admins-who-sign-in';
import { ACCOUNT, ADMIN, openAccount, startTestServer, type TestServer } from '../http/harness';

/** Accounts in which an admin can sign in, as a server in oidc mode asks at its start. */

const ISSUER = 'https://login.example.com';
const issuers = loadConfig({ ROLEBOOK_OIDC_ISSUER: ISSUER, ROLEBOOK_OIDC_AUDIENCE: 'rolebook' }).oidc ?? [];

let server: TestServer;
beforeAll(async () => (server = await startTestServer()));
afterAll(() => server.close());

const look = (given = issuers) => adminsWhoSignIn(server.readModels, given);
const warned: object[] = [];
const demand = (given = issuers): Promise<void> =>
  demandAdmins(server, given, { warn: (fields: object) => void warned.push(fields) });

test('Accounts come to sign in, one by one', async () => {
  expect(await look()).toEqual({ accounts: 1, without: [{ account: ACCOUNT, hasAdmins: true }] });
  await expect(demand()).rejects.toThrow(
    `npx rolebook identity link <username> --account ${ACCOUNT} --issuer ${ISSUER} --subject <subject>`,
  );
  await server.run({ type: 'linkUserIdentity', user: ADMIN, issuer: 'https://other.example', subject: 's' });
  expect((await look()).without).toHaveLength(1);
  await server.run({ type: 'linkUserIdentity', user: ADMIN, issuer: ISSUER, subject: 's' });
  expect(await look()).toEqual({ accounts: 1, without: [] });
  await demand();
  expect(warned).toEqual([]);

  await openAccount(server.run, 'beta', 'bea', 'Bea');
  await server.run({ type: 'openAccount', name: 'Empty', features: [] }, { account: 'empty' });
  expect(await look()).toEqual({
    accounts: 3,
    without: [
      { account: 'beta', hasAdmins: true },
      { account: 'empty', hasAdmins: false },
    ],
  });
  await demand();
  expect(warned).toMatchObject([
    {
      account: 'beta',
      command: expect.stringContaining('identity link <username> --account beta') as string,
    },
    { account: 'empty', command: 'npx rolebook account appoint empty <username> --reason "..."' },
  ]);
  expect(JSON.stringify(warned)).not.toMatch(/bea@/);
});

test('An issuer counts for the accounts that it may speak for, and an admin while active', async () => {
  const of = (account: string) => issuers.map((each) => ({ ...each, accounts: [account] }));
  const fixed = issuers.map((each) => ({ ...each, account: { fixed: 'beta' } }));
  const without = async (given: typeof issuers): Promise<boolean> =>
    (await look(given)).without.some(({ account }) => account === ACCOUNT);
  expect(await without(of(ACCOUNT))).toBe(false);
  expect(await without(of('beta'))).toBe(true);
  expect(await without(fixed)).toBe(true);
  await server.run({ type: 'registerUser', user: 'olga', username: 'olga@example.com' });
  await server.run({ type: 'assignUsers', role: 'account-admin', userIds: ['olga'] });
  await server.run({ type: 'deactivateUser', user: ADMIN });
  expect(await without(issuers)).toBe(true);
});

test('A log without accounts is served: the first is opened by the command line', async () => {
  const empty = { accounts: () => [], view: () => server.readModels.view(ACCOUNT) };
  expect(await adminsWhoSignIn(empty, issuers)).toEqual({ accounts: 0, without: [] });
});
