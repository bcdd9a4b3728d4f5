import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { UserAccessDiff, View } from '../../projections/view';
import type { Command } from '../../src/commands/command';
import type { CatalogueFile } from '../../src/domain/catalogue/file';
import {
  contentAfter,
  EffectOfPublication,
  type AccountEffect,
  type UserEffect,
} from '../../src/operations/audit/publication-preview';
import { operatorMetadata } from '../../src/operations/publication/metadata';
import { publishCatalogue } from '../../src/operations/publication/publish';
import { ACCOUNT, openAccount, startTestServer, type TestServer } from '../http/harness';
import { runs } from '../scale';
import { edited, edits } from './random-catalogues';

/** Random publications: each changes for whom and what its preview said, in every account. */

const file = JSON.parse(
  readFileSync(path.join(__dirname, '../../schema/catalogue.json'), 'utf8'),
) as CatalogueFile;
const ACCOUNTS = [ACCOUNT, 'zenith'];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await openAccount(server.run, 'zenith', 'zed', 'Zed');
  for (const account of ACCOUNTS) await settle(account);
});
afterAll(() => server.close());

/** Users in default and custom roles, one of them inactive, one erased, and a role that was deleted. */
async function settle(account: string): Promise<void> {
  const run = (command: Command): Promise<unknown> => server.run(command, { account });
  const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
  for (const user of users) await run({ type: 'registerUser', user, username: user });
  const grants = ['flows/view', 'flows/manage', 'campaigns/launch'].map((permission) => ({ permission }));
  await run({ type: 'createRole', name: 'Flows', grants, userIds: ['u1', 'u2', 'u4'] });
  await run({ type: 'createRole', name: 'Others', grants: [{ permission: 'roles/view' }], userIds: ['u5'] });
  for (const role of ['campaign-manager', 'finance-manager', 'supervisor-for-conversations'])
    await run({ type: 'assignUsers', role, userIds: users.slice(1) });
  await run({ type: 'deactivateUser', user: 'u3' });
  await run({ type: 'eraseUser', user: 'u4' });
  const gone = await server.bus.execute(
    { type: 'createRole', name: 'Gone', grants, userIds: ['u5'] },
    { account, actor: { type: 'operator', id: 'test' }, requestId: 'test' },
  );
  if (gone.accepted) await run({ type: 'deleteRole', role: gone.owner.id });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const withoutMore = ({ account, user, gained, lost }: UserEffect): object => ({ account, user, gained, lost });

async function accessAfter(before: View): Promise<readonly UserAccessDiff[]> {
  const now = server.readModels.view(before.account);
  const filter = { from: before.pin.ordinal, among: null };
  return (await now.accessDiffs(filter, { first: 100 })).items.map(({ item }) => item);
}

let version = file.version;
let affected = 0;

test('whatever is published, it changes what its preview said', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (changes) => {
      const next = edited(file, (version += 1), changes);
      const before = ACCOUNTS.map((account) => server.readModels.view(account));
      const events = (await server.store.head())!.position;
      const models = server.readModels;
      const effect = new EffectOfPublication(models, contentAfter(models.view('').catalogue().content, next), null);
      const accounts = await all<AccountEffect>(effect.accounts());
      const users = await all(effect.users(null, 2));
      expect((await server.store.head())!.position).toBe(events);

      const metadata = operatorMetadata({ actorId: 'ops', requestId: 'test' });
      const { position } = await publishCatalogue({ store: server.store, file: next, metadata });
      await models.waitFor(position!, 10_000);
      const diffs = await Promise.all(before.map(accessAfter));
      expect(users.map(withoutMore)).toEqual(
        diffs.flatMap((some, index) => some.map((diff) => ({ account: ACCOUNTS[index], ...diff }))),
      );
      expect(accounts.map(({ account, users: n, gaining, losing }) => [account, n, gaining, losing])).toEqual(
        diffs.map((some, index) => [
          ACCOUNTS[index],
          some.length,
          some.filter(({ gained }) => gained.length > 0).length,
          some.filter(({ lost }) => lost.length > 0).length,
        ]),
      );
      // Nobody gains or loses by a role that would give the same as before.
      for (const [index, { roles }] of accounts.entries())
        expect(roles.length > 0 || diffs[index]!.length === 0).toBe(true);
      for (const { account, cursor } of users.slice(-1))
        expect([account, await all(effect.users(cursor, 2))]).toEqual([account, []]);
      affected += users.length;
    }),
    runs(12, 16),
  );
  expect(affected).toBeGreaterThan(0);
});
