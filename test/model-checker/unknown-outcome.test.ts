import fc from 'fast-check';
import { EventStoreError, type EventStore } from '../../src/event-store/port/event-store';
import { CommandError } from '../../src/commands/command';
import {
  ask,
  execute,
  gatedStore,
  given,
  replica,
  roleIdOf,
  verdict,
  type Ask,
  type Done,
  type Log,
} from '../commands/harness';
import { faults } from './invariants';
import {
  A,
  assign,
  call,
  create,
  deactivate,
  keyed,
  reactivate,
  register,
  remove,
  rename,
  unassign,
} from './scenarios/wishes';
import { runs } from '../scale';

/** A log that does not always say what became of an append. */

/** Fate of one append: all is well; lost before it was written, or after; or written only when it is too late. */
type Fate = 'well' | 'lost before' | 'lost after' | 'late' | 'refused';

function flaky(log: Log, fates: () => Fate): EventStore {
  const late: (() => Promise<unknown>)[] = [];
  const store = gatedStore(log, () => Promise.resolve());
  const unknown = () => new EventStoreError('UNKNOWN_OUTCOME', 'no answer came');
  return {
    ...store,
    async append(stream, expected, events) {
      const fate = fates();
      // The one under way arrives before this one, or after it.
      if (fate !== 'late') for (const arrive of late.splice(0)) await arrive();
      if (fate === 'refused') throw new EventStoreError('UNAVAILABLE', 'no connection');
      if (fate === 'lost before') throw unknown();
      if (fate === 'late') {
        late.push(() => store.append(stream, expected, events));
        throw unknown();
      }
      const result = await store.append(stream, expected, events);
      if (fate === 'lost after') throw unknown();
      return result;
    },
  };
}

const WISHES: readonly Ask[] = [
  create('Agents'),
  create('Sales'),
  rename(A, 'Agents'),
  rename(A, 'Support'),
  remove(A),
  ask({ type: 'duplicateRole', role: A }),
  ask({
    type: 'grantPermissions',
    role: A,
    grants: [{ permission: 'campaigns/view' }, { permission: 'campaigns/launch' }],
  }),
  ask({ type: 'revokePermissions', role: A, permissions: ['campaigns/view'] }),
  register('eve'),
  call('cat', 'eve'),
  assign('maker', 'cat', 'dan'),
  assign('checker', 'cat'),
  unassign('maker', 'cat'),
  assign('account-admin', 'cat'),
  deactivate('ann'),
  deactivate('bob'),
  reactivate('ann'),
];

describe('an append whose outcome is unknown', () => {
  const fate = fc.constantFrom<Fate>('well', 'well', 'well', 'lost before', 'lost after', 'late');
  const wishes = fc.array(fc.tuple(fc.nat(WISHES.length - 1), fc.boolean()), { minLength: 1, maxLength: 5 });

  test('is sent again until it is known: each command is recorded once, or not at all', async () => {
    const start = await given(keyed(create('Sales'), 'a'));
    await fc.assert(
      fc.asyncProperty(wishes, fc.infiniteStream(fate), async (chosen, fates) => {
        const log = await start.copy();
        const store = flaky(log, () => fates.next().value);
        const done: Done[] = [];
        for (const [number, [index, withKey]] of chosen.entries()) {
          const wish = WISHES[index] as Ask;
          done.push(
            await execute(
              replica(log, undefined, undefined, { store }),
              withKey ? keyed(wish, `k${number}`) : wish,
            ),
          );
        }
        const decided = done.filter(({ outcome }) => !(outcome instanceof CommandError));
        const someoneDied = decided.length < done.length;
        expect(faults(log.book(), decided, someoneDied)).toEqual([]);
      }),
      runs(300, 7),
    );
  });

  test('that stays unknown is said so, and the same key tells later', async () => {
    const log = await given();
    const wish = keyed(create('Agents'), 'k');
    const store = flaky(log, () => 'lost after');
    const lost = await execute(replica(log, undefined, undefined, { store }), wish);
    expect(verdict(lost)).toBe('LOG_UNAVAILABLE');
    expect((lost.outcome as CommandError).message).toContain('did not say whether');
    const again = await execute(replica(log), wish);
    expect(again.outcome).toMatchObject({ accepted: true, owner: { kind: 'role', id: roleIdOf('k') } });
    expect(faults(log.book(), [again], false)).toEqual([]);
  });

  test('and then a log that is gone: still nobody is told that nothing was written', async () => {
    const log = await given();
    const fates: Fate[] = ['lost after', 'refused'];
    const store = flaky(log, () => fates.shift() ?? 'refused');
    const wish = ask({ type: 'enableFeature', feature: 'EXTRA' });
    await execute(replica(log), ask({ type: 'disableFeature', feature: 'EXTRA' }));
    const lost = await execute(replica(log, undefined, undefined, { store }), wish);
    expect(log.book().features.has('EXTRA')).toBe(true);
    expect((lost.outcome as CommandError).message).toContain('did not say whether');
  });

  test('a log that is gone before anything was sent: nothing was written', async () => {
    const log = await given();
    const store = flaky(log, () => 'refused');
    const before = log.events.length;
    const lost = await execute(replica(log, undefined, undefined, { store }), create('Agents'));
    expect(verdict(lost)).toBe('LOG_UNAVAILABLE');
    expect((lost.outcome as CommandError).message).toContain('nothing was written');
    expect(log.events).toHaveLength(before);
  });
});

describe('a log that is gone half way', () => {
  const leftBy = async (fates: Fate[], wish: Ask): Promise<string> => {
    const log = await given(keyed(create('Sales'), 'a'));
    const store = flaky(log, () => fates.shift() ?? 'refused');
    const lost = await execute(replica(log, undefined, undefined, { store }), wish);
    expect(verdict(lost)).toBe('LOG_UNAVAILABLE');
    expect(verdict(await execute(replica(log), wish))).toBe('ok');
    return (lost.outcome as CommandError).message;
  };

  test('after a claim: nothing was written that anyone sees', async () => {
    expect(await leftBy(['well'], create('Agents'))).toContain('nothing was written');
  });

  test('after the change itself: it is done, and its old name can be taken', async () => {
    const log = await given(keyed(create('Sales'), 'a'));
    const fates: Fate[] = ['well', 'well', 'refused'];
    const store = flaky(log, () => fates.shift() ?? 'well');
    const done = await execute(replica(log, undefined, undefined, { store }), rename(A, 'Agents'));
    expect([verdict(done), fates]).toEqual(['ok', []]);
    expect(log.events.some(({ type }) => type === 'Released')).toBe(false);
    expect(verdict(await execute(replica(log), create('Sales')))).toBe('ok');
  });

  test('after the bar of a deactivation: it is half done, and a repeat completes it', async () => {
    expect(await leftBy(['well'], deactivate('ann'))).toContain('half done, and a repeat completes it');
  });
});

describe('a process that dies without an answer, and its key on another replica', () => {
  test.each([
    ['createRole', create('Agents')],
    ['duplicateRole', ask({ type: 'duplicateRole', role: A })],
    ['assignUsers', assign('maker', 'cat')],
    ['registerUser', register('eve')],
    ['updateRole', rename(A, 'Agents')],
    ['deleteRole', remove(A)],
    ['updateUser', call('cat', 'eve')],
    ['deactivateUser', deactivate('ann')],
  ] as [string, Ask][])('%s: one outcome, wherever it died', async (_type, wish) => {
    const start = await given(keyed(create('Sales'), 'a'));
    for (let died = 0; died < 8; died += 1) {
      const log = await start.copy();
      let appends = 0;
      const alive = gatedStore(log, () => Promise.resolve());
      const store: EventStore = {
        ...alive,
        append: (...args) =>
          (appends += 1) > died
            ? Promise.reject(new EventStoreError('CLOSED', 'killed'))
            : alive.append(...args),
      };
      await execute(replica(log, undefined, undefined, { store }), keyed(wish, 'k'));
      const again = await execute(replica(log), keyed(wish, 'k'));
      expect(verdict(again)).toBe('ok');
      const thrice = await execute(replica(log), keyed(wish, 'k'));
      expect(thrice.outcome).toMatchObject({ accepted: true, written: 0 });
      expect(faults(log.book(), [again, thrice], false)).toEqual([]);
    }
  });
});
