import fc from 'fast-check';
import { replayAccount } from '../../src/operations/audit/replay/account';
import { replayUser } from '../../src/operations/audit/replay/user';
import { ACCOUNT, CATALOGUE, DAY, Log, Models, START } from '../projections/log';

/** Replays of users and of accounts end, at every moment, where the read models asked as of it are. */

const USERS = ['ann', 'bob'] as const;
const ROLES = ['desk', 'night', 'viewer'] as const;

type Step =
  | {
      readonly do: 'assign' | 'unassign';
      readonly role: (typeof ROLES)[number];
      readonly user: (typeof USERS)[number];
    }
  | { readonly do: 'rename' | 'delete'; readonly role: 'desk' | 'night' }
  | { readonly do: 'deactivate' | 'reactivate'; readonly user: (typeof USERS)[number] }
  | { readonly do: 'enable' | 'disable' };

const of = <const T extends string>(...items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: of('assign', 'unassign'), role: of(...ROLES), user: of(...USERS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: of('rename', 'delete'), role: of('desk', 'night') }) },
  { weight: 2, arbitrary: fc.record({ do: of('deactivate', 'reactivate'), user: of(...USERS) }) },
  { weight: 1, arbitrary: fc.record({ do: of('enable', 'disable') }) },
);

/** Records what the rules would let pass of some steps; a day each. */
class Story {
  readonly log = new Log();
  readonly #members = new Map<string, Set<string>>(ROLES.map((role) => [role, new Set()]));
  readonly #inactive = new Set<string>();

  async begin(): Promise<void> {
    await this.log.publish(CATALOGUE);
    await this.log.account();
    for (const user of USERS) await this.log.register(user);
    for (const role of ['desk', 'night']) await this.log.create(role, `The ${role}`);
  }

  async record(each: Step): Promise<void> {
    switch (each.do) {
      case 'assign':
        if (this.#members.get(each.role)?.has(each.user) !== false) return;
        this.#members.get(each.role)!.add(each.user);
        return void (await this.log.assign(each.role, each.user));
      case 'unassign':
        if (!this.#members.get(each.role)?.delete(each.user)) return;
        return void (await this.log.role(each.role, ['UserUnassigned', { user: each.user }]));
      case 'rename':
        if (!this.#members.has(each.role)) return;
        return void (await this.log.role(each.role, ['RoleRenamed', { from: 'A', to: `B${this.log.day}` }]));
      case 'delete':
        if (!this.#members.delete(each.role)) return;
        return void (await this.log.role(each.role, ['RoleDeleted', { name: 'A' }]));
      case 'deactivate':
        if (this.#inactive.has(each.user)) return;
        this.#inactive.add(each.user);
        return void (await this.log.user(each.user, 'UserDeactivated', {}));
      case 'reactivate':
        if (!this.#inactive.delete(each.user)) return;
        return void (await this.log.user(each.user, 'UserReactivated', {}));
      default:
        await this.log.feature('FLOW', each.do === 'enable');
    }
  }
}

test('at random moments of random histories', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const story = new Story();
      await story.begin();
      for (const each of steps) await story.record(each);
      const models = new Models();
      const tables = await models.current(story.log.store);
      for (let day = 3; day <= story.log.day; day += 4) {
        const until = new Date(START + day * DAY);
        const view = tables.view(ACCOUNT, { time: until });
        for (const user of USERS) {
          let last;
          for await (const { before, after } of replayUser(story.log.store, ACCOUNT, user, { until })) {
            expect(before).toEqual(last ?? before);
            last = after;
          }
          const row = view.users([user]).get(user);
          expect([user, last?.status, last?.name]).toEqual([user, row?.status, row?.name]);
          const roles = [...(last?.roles.entries() ?? [])].sort();
          const held = view.rolesOf([user]).get(user) ?? [];
          expect(roles.map(([id]) => id)).toEqual([...held].sort());
          const names = view.roles(held);
          const custom = roles.filter(([id]) => id !== 'viewer');
          expect(custom).toEqual(custom.map(([id]) => [id, names.get(id)?.name]));
        }
        let features: readonly string[] = [];
        for await (const { after } of replayAccount(story.log.store, ACCOUNT, { until }))
          features = after.features.toArray();
        expect([...features].sort()).toEqual([...(view.accountInfo()?.features ?? [])].sort());
      }
      await models.cleanUp();
    }),
    { seed: 11, numRuns: 8 },
  );
});

test('each change in words, and a void event as what it is', async () => {
  const log = new Log();
  await log.publish(CATALOGUE);
  await log.account();
  await log.register('ann', 'Ann Lee');
  await log.create('desk', 'Desk', {}, ['ann']);
  await log.assign('viewer', 'ann');
  await log.role('desk', ['RoleRenamed', { from: 'Desk', to: 'Night desk' }]);
  await log.user('ann', 'UserDeactivated', {});
  await log.role('desk', ['RoleDeleted', { name: 'Night desk' }]);
  const told: [string, number][] = [];
  for await (const { change, after } of replayUser(log.store, ACCOUNT, 'ann'))
    told.push([change, after.roles.size]);
  expect(told).toEqual([
    ['registered the user Ann Lee', 0],
    ['assigned Ann Lee to the role “Desk”', 1],
    ['assigned Ann Lee to the role “viewer”', 2],
    ['renamed the role “Desk” to “Night desk”', 2],
    ['deactivated the user Ann Lee', 2],
    ['deleted the role “Night desk”', 1],
  ]);
});
