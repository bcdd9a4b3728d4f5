import fc from 'fast-check';
import { CATALOGUE_CHANGES, type Ordinal } from '../../projections/view';
import type { RecordedEvent } from '../../src/event-store/port/event-store';
import { envelopeOf } from '../../src/feeds/envelope';
import { CONTRACTS, envelopeFaults, schemasIn } from '../feeds/judges';
import { isTried, runs } from '../scale';
import { causes, compareAccess } from './access-diffs';
import { compared, compareAccessHistories } from './access-histories';
import { compareCatalogues, compareEdits } from './catalogue-diffs';
import { compareAll, compareDiffs, told } from './compare-views';
import { compareChanges } from './naive-changes';
import { NaiveAccount } from './naive-model';
import { compareReplays } from './naive-replays';
import { edits } from './random-catalogues';
import { wish } from './random-commands';
import { comparePastTables, compareTables } from './whole-tables';
import { World } from './world';

/**
 * The whole way from command to answer after random histories of every command, with publications between: the tables
 * answer as an independent naive model does, now and in the past, and rebuilt ones equal the live ones row by row.
 */

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test('tables answer as a naive model does, now and in the past, after random histories of every command', async () => {
  let histories = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(wish, { minLength: 20, maxLength: 60 }),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      fc.array(edits, { maxLength: 3 }),
      async (wishes, places, publications) => {
        const account = `random-${(histories += 1)}`;
        await world.live(account, wishes, publications);
        const events = await world.events();
        const now = { view: world.models.view(account), naive: new NaiveAccount(events, account) };
        await compareAll(now.view, now.naive);
        compareTables(world.tables, now.view, now.naive);
        compareEdits(now.view, events, account);
        await compareChanges(now.view, now.naive);
        await compareReplays(now);
        const granted = now.naive.history.findLast(({ type }) => type === 'PermissionGranted')?.about ?? [];
        const viewAt = (ordinal: Ordinal) => world.view(account, ordinal);
        await compareAccessHistories(account, events, { view: now.view, viewAt }, [
          // Costly to replay: all permissions of an admin.
          ...(histories % 6 === 1 ? [{ user: 'ada', permission: null }] : []),
          { user: null, permission: 'flows/view' },
          ...granted.map((permission) => ({ user: null, permission })),
        ]);
        const opened = events.findIndex(({ metadata }) => metadata.account === account);
        const whole = events.slice(opened).filter(({ metadata }) => metadata.part === metadata.parts);
        for (const place of places) {
          const at = whole[place % whole.length] as RecordedEvent;
          const view = world.models.view(account, { position: at.position });
          const then = events.filter(({ position }) => position <= at.position);
          const naive = new NaiveAccount(then, account);
          await compareAll(view, naive);
          compareTables(world.tables, view, naive);
          comparePastTables(world.tables, now.view, view);
          await compareDiffs(now, { view, naive });
          if (place !== places[0]) continue;
          await compareCatalogues(events, [{ view, naive }, now]);
          await compareAccess(account, events, [{ view, naive }, now]);
        }
      },
    ),
    { ...runs(18, 20261124), endOnFailure: true },
  );
  const kinds = [
    'createRole',
    'updateRole',
    'duplicateRole',
    'deleteRole',
    'grantPermissions',
    'revokePermissions',
    'selectSection',
    'setPermissionScopes',
  ];
  const others = [
    'assignUsers',
    'unassignUsers',
    'registerUser',
    'updateUser',
    'deactivateUser',
    'reactivateUser',
    'recordLogin',
    'linkUserIdentity',
    'unlinkUserIdentity',
    'createApiKey',
    'revokeApiKey',
    'enableFeature',
    'disableFeature',
  ];
  // A kind that never wrote anything was not tested.
  expect([...kinds, ...others].filter((kind) => !world.seen.has(kind))).toEqual([]);
  expect(compared.changes).toBeGreaterThan(30);
  expect([...told]).toEqual(expect.arrayContaining(Object.keys(CATALOGUE_CHANGES)));
  expect([...causes]).toEqual(
    expect.arrayContaining(['UserAssigned', 'PermissionGranted', 'FeatureEnabled']),
  );
});

test('tables rebuilt from the log equal the live ones row by row', async () => {
  const before = await world.models.digest();
  await world.models.rebuild();
  expect(await world.models.digest()).toBe(before);
  expect(before).toMatch(/^\d+:[0-9a-f]{64}$/);
});

test('every event is in its envelope what the contracts and CloudEvents say', async () => {
  const contracts = schemasIn(CONTRACTS);
  const events = await world.events();
  const tried = events.filter((_, index) => isTried(index, 8));
  const faults = tried.flatMap((event) => {
    const { account, passedOver } = event.metadata as { account?: string; passedOver?: string };
    const owner =
      account === undefined ? ({ kind: 'catalogue' } as const) : ({ kind: 'account', id: account } as const);
    const entry = { owner, number: 1, isVoid: passedOver === 'void' };
    return envelopeFaults(
      contracts,
      envelopeOf(event, { entry, position: 'p', base: 'https://example.com' }),
    );
  });
  expect(faults).toEqual([]);
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(25);
});

test('nothing is recorded in an account that was never opened', async () => {
  const before = await world.store.head();
  const outcome = await world.run('nowhere', { type: 'registerUser', username: 'ghost' });
  expect(outcome).toMatchObject({ accepted: false, refusals: [{ code: 'NOT_FOUND', field: ['account'] }] });
  expect(await world.store.head()).toEqual(before);
});
