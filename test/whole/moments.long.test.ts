import fc from 'fast-check';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { runs, scaled } from '../scale';
import { causes, compareAccess } from './access-diffs';
import { compared, compareAccessHistories } from './access-histories';
import { compareCatalogues } from './catalogue-diffs';
import { compareAll, compareDiffs, type Side } from './compare-views';
import { compareChanges } from './naive-changes';
import { NaiveAccount } from './naive-model';
import { compareReplays } from './naive-replays';
import { edits } from './random-catalogues';
import { wish } from './random-commands';
import { World } from './world';

/**
 * Answers at 500 random moments of random histories, in which people are erased, events declared void and roles deleted: all
 * that is asked as of a moment, the differences between two of them with their causes, and every gain and loss of access
 * until then are as a plain replay of the log has them.
 */

const HISTORIES = 25;
const MOMENTS = 20;

let world: World;
let moments = 0;
const seen = { erasures: 0, voids: 0, deletions: 0 };

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const place = fc.nat(1_000_000);
const history = fc.record({
  wishes: fc.array(wish, { minLength: 40, maxLength: 80 }),
  publications: fc.array(edits, { maxLength: 3 }),
  /** Places among the wishes, and who or what is picked there. */
  erasures: fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 3 }),
  voids: fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 3 }),
  moments: fc.array(place, { minLength: MOMENTS, maxLength: MOMENTS }),
  users: fc.array(place, { minLength: 2, maxLength: 2 }),
  permissions: fc.array(place, { minLength: 4, maxLength: 4 }),
});

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % list.length];

/** Erases some people and declares events on roles void while a history goes on. */
async function disturb(
  account: string,
  {
    wishes,
    erasures,
    voids,
  }: Pick<typeof history extends fc.Arbitrary<infer T> ? T : never, 'wishes' | 'erasures' | 'voids'>,
  index: number,
): Promise<void> {
  const view = world.view(account);
  const isHere = ([at]: readonly [number, number]): boolean => at % wishes.length === index;
  for (const [, who] of erasures.filter(isHere)) {
    const { items } = await view.userList({ kind: 'PERSON' }, null, { first: 50 });
    const user = pick(items, who)?.item.id;
    if (user !== undefined) {
      const { accepted } = await world.run(account, { type: 'eraseUser', user });
      if (accepted) seen.erasures += 1;
    }
  }
  for (const [, which] of voids.filter(isHere)) {
    const { items } = await view.roleList({ kind: 'CUSTOM', includeDeleted: true }, null, { first: 50 });
    const role = pick(items, which)?.item.id;
    if (role === undefined) continue;
    await world.voidEvent(account, role);
    seen.voids += 1;
  }
}

function sideAt(account: string, events: readonly RecordedEvent[], position: bigint): Side {
  const then = events.filter((event) => event.position <= position);
  return { view: world.models.view(account, { position }), naive: new NaiveAccount(then, account) };
}

test('every answer about 500 random moments is as a plain replay of the log has it', async () => {
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(history, async (each) => {
      const account = `moments-${(histories += 1)}`;
      await world.live(account, each.wishes, each.publications, (index) => disturb(account, each, index));
      const events = await world.events();
      const opened = events.findIndex(({ metadata }) => metadata.account === account);
      const whole = events.slice(opened).filter(({ metadata }) => metadata.part === metadata.parts);
      const positions = each.moments.map((at) => pick(whole, at)!.position);
      const sides = positions.map((position) => sideAt(account, events, position));
      for (const [index, side] of sides.entries()) {
        const [earlier, later] = [side, sides[(index + 1) % sides.length]!].sort(
          (a, b) => a.view.pin.ordinal - b.view.pin.ordinal,
        ) as [Side, Side];
        await compareAll(side.view, side.naive);
        await compareChanges(side.view, side.naive);
        await compareReplays(side);
        await compareDiffs(later, earlier);
        await compareCatalogues(events, [earlier, later]);
        await compareAccess(account, events, [earlier, later]);
        moments += 1;
      }
      const [first, second] = sides as [Side, Side];
      seen.deletions += [...first.naive.custom.values()].filter(({ deleted }) => deleted).length;
      for (const { view, naive } of [first, second]) {
        const until = events.filter(({ position }) => position <= view.pin.position!);
        const users = [...naive.users.keys()];
        const keys = [...new Set(naive.history.flatMap(({ about }) => about))];
        const asked = [
          ...each.users.map((at) => ({ user: pick(users, at) ?? 'nobody', permission: null })),
          ...each.permissions.map((at) => ({ user: null, permission: pick(keys, at)! })),
          { user: pick(users, each.users[0]!) ?? 'nobody', permission: pick(keys, each.permissions[0]!)! },
        ];
        const viewAt = (ordinal: typeof view.pin.ordinal) => world.view(account, ordinal);
        await compareAccessHistories(account, until, { view, viewAt }, asked);
      }
    }),
    { ...runs(HISTORIES), endOnFailure: true },
  );
  expect(moments).toBe(scaled(HISTORIES) * MOMENTS);
  // Kinds that never came were not tested; a few histories may lack one.
  const most = scaled(HISTORIES) < 10 ? 1 : 0;
  expect(Object.values(seen).filter((count) => count === 0).length).toBeLessThanOrEqual(most);
  expect([...causes].length).toBeGreaterThan(3);
  expect(compared.changes).toBeGreaterThan(scaled(HISTORIES));
});
