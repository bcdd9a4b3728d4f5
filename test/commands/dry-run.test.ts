import fc from 'fast-check';
import { Batch } from '../../src/commands/batch/batch';
import type { Command, CommandContext, CommandOutcome } from '../../src/commands/command';
import { conflictClaim } from '../../src/domain/claim/claim';
import { claimStream } from '../../src/event-store/port/streams';
import { decodeItems, encodeItems } from '../../src/operator/operator-wire';
import { assign, deactivate, unassign } from '../model-checker/scenarios/wishes';
import { guardsOf } from './decision-reads';
import { ACCOUNT, ask, contextOf, execute, given, replica, user, type Ask, type Log } from './harness';

/** A dry run takes the decision of the write, and writes nothing: no event, no claim, no fence. */

const dry = (wish: Ask): Ask =>
  ask(wish.command, { ...wish.context, batch: new Batch(wish.command.type, true) });

async function outcomeOf(log: Log, wish: Ask): Promise<CommandOutcome> {
  const { outcome } = await execute(replica(log), wish);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** Outcomes of a dry run and of the write after it. */
async function both(log: Log, wish: Ask): Promise<{ rehearsed: CommandOutcome; done: CommandOutcome }> {
  const events = log.events.length;
  const rehearsed = await outcomeOf(log, dry(wish));
  expect(log.events.length).toBe(events);
  return { rehearsed, done: await outcomeOf(log, wish) };
}

const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
const wishes = fc
  .record({
    joins: fc.boolean(),
    role: fc.constantFrom('account-admin', 'maker', 'checker', 'manager', 'typist', 'nobody'),
    who: fc.subarray(PEOPLE, { minLength: 1 }),
    context: fc.record<Partial<CommandContext>>({
      actor: fc.constantFrom(user('ann'), user('bob')),
      expectedVersion: fc.constantFrom(undefined, 0, 1),
      idempotencyKey: fc.constantFrom(null, 'k'),
    }),
  })
  .map(({ joins, role, who, context }) => ask((joins ? assign : unassign)(role, ...who).command, context));

test('whatever is wished, it is decided the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wishes, { maxLength: 4 }), wishes, async (before, wish) => {
      const log = await given(ask({ type: 'registerUser', user: 'fay', username: 'fay' }), deactivate('fay'));
      for (const each of before) await execute(replica(log), each);
      const { rehearsed, done } = await both(log, wish).catch((error: { code?: string }) => {
        // The right to assign may be lost by what came before.
        expect(error.code).toBe('FORBIDDEN');
        return { rehearsed: null, done: null };
      });
      if (!rehearsed || !done) return;
      if (!done.accepted) expect(rehearsed).toEqual(done);
      else expect(rehearsed).toMatchObject({ accepted: true, owner: done.owner, written: 0 });
      if (done.accepted && rehearsed.accepted) expect(rehearsed.wouldWrite ?? 0).toBe(done.written);
    }),
    { numRuns: 60 },
  );
});

test('roles in conflict: what another holds refuses, what another only claimed does not, and is not fenced', async () => {
  const log = await given(assign('maker', 'cat'));
  const refused = await both(log, assign('checker', 'cat', 'dan'));
  expect(refused.rehearsed).toEqual(refused.done);
  expect(refused.rehearsed).toMatchObject({
    accepted: false,
    refusals: [{ code: 'ROLE_CONFLICT', ids: ['cat'] }],
  });

  // One who claimed dan for maker, and died before the assignment.
  const bus = replica(log, undefined, ({ kind, stream }) =>
    kind === 'append' && stream.includes('maker') ? new Promise(() => {}) : Promise.resolve(),
  );
  void execute(bus, assign('maker', 'dan'));
  const claim = claimStream(ACCOUNT, conflictClaim('maker', 'checker'));
  const claims = (): number => log.events.filter(({ stream }) => stream === claim).length;
  while (claims() < 2) await new Promise(setImmediate);
  const { rehearsed, done } = await both(log, assign('checker', 'dan'));
  expect(rehearsed).toMatchObject({ accepted: true, written: 0, wouldWrite: 1 });
  expect(done).toMatchObject({ accepted: true, written: 1 });
});

test('what is too large for one append is refused before it', async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `${'u'.repeat(60)}${1000 + index}`);
  const log = await given();
  // Registering them takes seconds; the tables say that they are there.
  const bus = replica(log, {
    ...guardsOf(() => log.book()),
    userStatus: (_account, asked) => new Map(asked.map((id) => [id, 'ACTIVE'])),
  });
  const context = { reason: 'é'.repeat(150), requestId: 'r'.repeat(200), causationId: 'c'.repeat(200) };
  const wish = ask(assign('manager', ...ids).command, context);
  const events = log.events.length;
  const [rehearsed, done] = [await execute(bus, dry(wish)), await execute(bus, wish)];
  expect(done.outcome).toMatchObject({ accepted: false, refusals: [{ code: 'TOO_MANY' }] });
  expect(rehearsed.outcome).toEqual(done.outcome);
  expect(log.events.length).toBe(events);
});

test.each<Command>([
  { type: 'createRole', name: 'Sales' },
  { type: 'updateRole', role: 'maker', assignUserIds: [] },
  { type: 'registerUser', username: 'eve' },
  { type: 'deactivateUser', user: 'cat' },
  { type: 'eraseUser', user: 'cat' },
  { type: 'recordLogin', user: 'cat' },
  { type: 'disableFeature', feature: 'EXTRA' },
])('no command writes in a dry run: %j', async (command) => {
  const log = await given();
  const events = log.events.length;
  await execute(replica(log), dry(ask(command))).catch((error: unknown) => {
    expect(error).toMatchObject({ message: expect.stringMatching(/^A dry run of \w+ came to an append\.$/) });
  });
  expect(log.events.length).toBe(events);
});

test('a batch that was sent from elsewhere is an unknown field: nothing is written by mistake', async () => {
  const log = await given();
  const events = log.events.length;
  const context = contextOf(dry(assign('maker', 'cat')));
  const [decoded] = decodeItems(
    JSON.parse(encodeItems([{ command: assign('maker', 'cat').command, context }])),
  );
  const outcome = await replica(log).execute(decoded!.item!.command, decoded!.item!.context);
  expect(outcome).toMatchObject({ accepted: false, refusals: [{ code: 'INVALID_INPUT', field: ['batch'] }] });
  expect(log.events.length).toBe(events);
});

test('changes of users are decided the same, and take no claim and no bar', async () => {
  const people = ['ann', 'bob', 'fay'];
  const wish = fc.oneof(
    fc.constantFrom(...people).map((who): Command => ({ type: 'deactivateUser', user: who })),
    fc.constantFrom(...people).map((who): Command => ({ type: 'reactivateUser', user: who })),
    fc
      .record({
        user: fc.constantFrom(...people),
        username: fc.constantFrom(undefined, 'ann', 'ANN', 'fay', 'fae', ''),
        externalId: fc.constantFrom(undefined, null, 'e1', 'e2'),
      })
      .map((change): Command => ({ type: 'updateUser', ...change })),
  );
  const actor = user('ann');
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { maxLength: 4 }), wish, async (before, wished) => {
      const log = await given(ask({ type: 'registerUser', user: 'fay', username: 'fay' }));
      for (const each of before) await execute(replica(log), ask(each));
      const outcome = await both(log, ask(wished, { actor })).catch((error: { code?: string }) => {
        expect(error.code).toBe('FORBIDDEN');
        return null;
      });
      if (!outcome) return;
      const { rehearsed, done } = outcome;
      if (!done.accepted) expect(rehearsed).toEqual(done);
      else expect(rehearsed).toMatchObject({ accepted: true, owner: done.owner, written: 0 });
      if (done.accepted && rehearsed.accepted) expect(rehearsed.wouldWrite ?? 0).toBe(done.written);
    }),
    { numRuns: 50 },
  );
});
