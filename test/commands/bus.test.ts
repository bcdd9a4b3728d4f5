import { randomUUID } from 'node:crypto';
import { CommandError, type Command } from '../../src/commands/command';
import { KeyedQueue } from '../../src/shared/keyed-queue';
import { MAX_APPEND_BYTES, type EventStore } from '../../src/event-store/port/event-store';
import { roleStream } from '../../src/event-store/port/streams';
import { guardsOf } from './decision-reads';
import {
  ACCOUNT,
  ask,
  execute,
  gatedStore,
  given,
  replica,
  roleIdOf,
  user,
  verdict,
  type Log,
} from './harness';
import {
  A,
  assign,
  B,
  create,
  deactivate,
  keyed,
  reactivate,
  rename,
  unassign,
} from '../model-checker/scenarios/wishes';

/** The one way in: who may ask, what cannot be decided, what a key means, how large a command may be. */

const AT_ONCE = () => Promise.resolve();
const refusalsOf = (done: Awaited<ReturnType<typeof execute>>) =>
  done.outcome instanceof CommandError || done.outcome.accepted ? [] : done.outcome.refusals;

describe('rights', () => {
  const as = (actor: string, command: Command) => ask(command, { actor: user(actor) });

  test('each kind of command needs its own, and a form that does both needs both', async () => {
    const log = await given(keyed(create('Sales'), 'a'), assign('manager', 'cat'));
    const bus = replica(log);
    // A manager may assign; an account admin may do all; dan has no role.
    const asked: [Command, string, string, string][] = [
      [{ type: 'createRole', name: 'One' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'createRole', name: 'Two', userIds: ['dan'] }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'updateRole', role: A, name: 'Support' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [
        { type: 'updateRole', role: A, name: 'Support', assignUserIds: ['dan'] },
        'FORBIDDEN',
        'FORBIDDEN',
        'ok',
      ],
      [{ type: 'updateRole', role: A, assignUserIds: ['dan'] }, 'FORBIDDEN', 'ok', 'ok'],
      [{ type: 'updateRole', role: A }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'duplicateRole', role: A }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'duplicateRole', role: A, withUsers: true }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'grantPermissions', role: A, grants: [] }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'revokePermissions', role: A, permissions: [] }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [
        { type: 'selectSection', role: A, section: 'campaigns', selected: true },
        'FORBIDDEN',
        'FORBIDDEN',
        'ok',
      ],
      [
        { type: 'setPermissionScopes', role: A, permission: 'campaigns/view', scopes: [] },
        'FORBIDDEN',
        'FORBIDDEN',
        'ok',
      ],
      [{ type: 'assignUsers', role: A, userIds: ['bob'] }, 'FORBIDDEN', 'ok', 'ok'],
      [{ type: 'unassignUsers', role: A, userIds: ['bob'] }, 'FORBIDDEN', 'ok', 'ok'],
      [{ type: 'registerUser', username: 'eve' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'updateUser', user: 'dan', name: 'Dan' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'recordLogin', user: 'dan' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'disableFeature', feature: 'EXTRA' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'enableFeature', feature: 'EXTRA' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'deleteRole', role: A }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'deactivateUser', user: 'bob' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'reactivateUser', user: 'bob' }, 'FORBIDDEN', 'FORBIDDEN', 'ok'],
      [{ type: 'openAccount', name: 'Acme', features: [] }, 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'],
    ];
    for (const [command, dan, cat, ann] of asked) {
      const said = [command.type, verdict(await execute(bus, as('dan', command)))];
      said.push(
        verdict(await execute(bus, as('cat', command))),
        verdict(await execute(bus, as('ann', command))),
      );
      expect(said).toEqual([command.type, dan, cat, ann]);
    }
  });

  test('who is deactivated may nothing, though the roles stay', async () => {
    const log = await given(assign('manager', 'cat'), deactivate('cat'));
    expect(verdict(await execute(replica(log), as('cat', assign('maker', 'dan').command)))).toBe('FORBIDDEN');
  });

  test('the operator can always appoint an admin, and give what is privileged', async () => {
    const log = await given();
    const bus = replica(log);
    expect(verdict(await execute(bus, assign('account-admin', 'cat')))).toBe('ok');
    expect(
      verdict(
        await execute(
          bus,
          ask({ type: 'createRole', name: 'Payers', grants: [{ permission: 'billing/pay' }] }),
        ),
      ),
    ).toBe('ok');
  });
});

describe('what cannot be decided', () => {
  test('on a replica that lags more than 5 s: STALE_REPLICA, and nothing is read', async () => {
    const log = await given();
    for (const [lag, expected] of [
      [5_000, 'ok'],
      [5_001, 'STALE_REPLICA'],
    ] as const) {
      const bus = replica(
        log,
        guardsOf(
          () => log.book(),
          () => lag,
        ),
      );
      expect(verdict(await execute(bus, create(`Role ${lag}`)))).toBe(expected);
    }
  });

  test('on a replica that stopped at an event: LOG_POISONED at once, whoever asks', async () => {
    const log = await given();
    const bus = replica(log, { ...guardsOf(() => log.book()), poisoned: () => true });
    expect(verdict(await execute(bus, create('Role')))).toBe('LOG_POISONED');
  });

  test('on a replica that has not seen what the log held at its start: STALE_REPLICA', async () => {
    const log = await given();
    const bus = replica(log, { ...guardsOf(() => log.book()), lagMs: () => Infinity });
    expect(verdict(await execute(bus, create('Role')))).toBe('STALE_REPLICA');
  });

  test('on a machine whose clock is more than 2 s off the log’s: CLOCK_SKEW', async () => {
    const log = await given();
    for (const [skew, expected] of [
      [2_000, 'ok'],
      [-2_001, 'CLOCK_SKEW'],
      [2_001, 'CLOCK_SKEW'],
      [null, 'ok'],
    ] as const) {
      const bus = replica(log, undefined, undefined, { clockSkewMs: () => skew });
      expect(verdict(await execute(bus, create(`Role ${skew}`)))).toBe(expected);
    }
  });

  test('under endless contention: CONTENTION, with longer and longer pauses, and nothing was written', async () => {
    const log = await given(keyed(create('Sales'), 'a'));
    const pauses: number[] = [];
    const retries: string[] = [];
    const store: EventStore = {
      ...gatedStore(log, AT_ONCE),
      append: async () => ({ outcome: 'conflict', actual: 7 }),
    };
    const pause = async (ms: number) => void pauses.push(ms);
    const onRetry = (why: string) => void retries.push(why);
    const before = log.events.length;
    const bus = replica(log, undefined, undefined, { store, pause, onRetry });
    expect(
      verdict(
        await execute(
          bus,
          ask({ type: 'grantPermissions', role: A, grants: [{ permission: 'campaigns/view' }] }),
        ),
      ),
    ).toBe('CONTENTION');
    expect(log.events).toHaveLength(before);
    expect(pauses.slice(0, 4)).toEqual([4, 8, 16, 32]);
    expect(Math.max(...pauses)).toBe(250);
    expect(retries).toEqual(pauses.map(() => 'conflict'));
  });

  test('a log that does not say what it should is not decided on', async () => {
    const log = await given(keyed(create('Sales'), 'a'));
    const metadata = log.events.at(-1)?.metadata ?? {};
    const id = '11111111-2222-4333-8444-555555555555';
    await log.append(roleStream(ACCOUNT, A), 'any', [
      { id, type: 'RoleRenamed', data: { role: A, to: 7 }, metadata },
    ]);
    expect(verdict(await execute(replica(log), rename(A, 'Support')))).toBe('LOG_POISONED');
  });
});

describe('idempotency keys', () => {
  test('the same key and input: the first outcome, and nothing is written', async () => {
    const log = await given();
    const first = await execute(replica(log), keyed(create('Sales'), 'k'));
    const written = log.events.length;
    const again = await execute(replica(log), keyed(create('Sales'), 'k'));
    expect(first.outcome).toMatchObject({
      accepted: true,
      owner: { kind: 'role', id: roleIdOf('k') },
      written: 1,
    });
    expect(again.outcome).toEqual({ ...first.outcome, written: 0 });
    expect(log.events).toHaveLength(written);
  });

  test('reason and request are not input; expectedVersion is', async () => {
    const log = await given(keyed(create('Sales'), 'a'));
    const wish = (extra: object) => ask(rename(A, 'Support').command, { idempotencyKey: 'k', ...extra });
    const bus = replica(log);
    expect(verdict(await execute(bus, wish({ expectedVersion: 1 })))).toBe('ok');
    expect(verdict(await execute(bus, wish({ expectedVersion: 1, reason: 'T-1' })))).toBe('ok');
    expect(verdict(await execute(bus, wish({ expectedVersion: 2 })))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('with another input: refused, and nothing is written', async () => {
    const log = await given();
    const bus = replica(log);
    await execute(bus, keyed(create('Sales'), 'k'));
    const written = log.events.length;
    expect(verdict(await execute(bus, keyed(create('Support'), 'k')))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(log.events).toHaveLength(written);
  });

  test('a key holds for what it was used on: on another role it is another key', async () => {
    const log = await given(keyed(create('Sales'), 'a'), keyed(create('Support'), 'b'));
    const bus = replica(log);
    const join = (role: string) => keyed(assign(role, 'cat'), 'k');
    expect((await execute(bus, join(A))).outcome).toMatchObject({ accepted: true, written: 1 });
    expect((await execute(bus, join(B))).outcome).toMatchObject({ accepted: true, written: 1 });
    expect((await execute(bus, join(A))).outcome).toMatchObject({ accepted: true, written: 0 });
    expect(verdict(await execute(bus, keyed(assign(A, 'dan'), 'k')))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('a key is an actor’s own, and a kind of command’s own', async () => {
    const log = await given();
    const bus = replica(log);
    await execute(bus, keyed(create('Sales'), 'k'));
    expect(
      verdict(
        await execute(bus, ask(create('Support').command, { idempotencyKey: 'k', actor: user('ann') })),
      ),
    ).toBe('ok');
    expect(verdict(await execute(bus, keyed(ask({ type: 'registerUser', username: 'eve' }), 'k')))).toBe(
      'ok',
    );
  });

  test('a reactivation repeated: the place where the bar was lifted, which came last', async () => {
    const log = await given(deactivate('ann'));
    const first = await execute(replica(log), reactivate('ann', 'k'));
    expect(log.events.at(-1)?.type).toBe('UserUnbarred');
    const position = log.events.at(-1)?.position;
    expect(first.outcome).toMatchObject({ accepted: true, written: 2, position });
    for (const wish of [reactivate('ann', 'k'), reactivate('ann')]) {
      const again = await execute(replica(log), wish);
      expect(again.outcome).toMatchObject({ accepted: true, written: 0, position });
    }
    await execute(replica(log), assign('account-admin', 'ann'));
    const later = await execute(replica(log), reactivate('ann', 'k'));
    expect(later.outcome).toMatchObject({ written: 0, position });
  });

  test('a reactivation repeated while the user is being deactivated again: the later bar is not its own', async () => {
    const log = await given(deactivate('ann'), reactivate('ann', 'k'));
    const position = log.events.at(-1)?.position;
    const bar = log.events.findLast(({ type }) => type === 'UserBarred')!;
    const { stream, data, metadata } = bar;
    const half = { ...bar, id: randomUUID(), metadata: { ...metadata, requestId: 'another' } };
    await log.append(stream, log.events.findLast((event) => event.stream === stream)!.revision, [half]);
    const written = log.events.length;
    const again = await execute(replica(log), reactivate('ann', 'k'));
    expect(again.outcome).toMatchObject({ accepted: true, written: 0, position });
    expect(log.events.slice(written)).toEqual([]);
    expect(data).toMatchObject({ user: 'ann' });
  });

  test('one key on two users: each repeat tells the place of its own change', async () => {
    const log = await given(deactivate('ann'), deactivate('cat'));
    const first = await execute(replica(log), reactivate('ann', 'k'));
    await execute(replica(log), reactivate('cat', 'k'));
    const ann = log.events.filter(({ stream }) => stream === `rolebook.user-${ACCOUNT}.ann`).at(-1)!;
    const again = await execute(replica(log), reactivate('ann', 'k'));
    const { position } = again.outcome as { position: bigint };
    expect([ann.position, (first.outcome as { position: bigint }).position]).toContain(position);
  });

  test('refusals and no-ops are decided again', async () => {
    const log = await given(keyed(create('Sales'), 'a'));
    const bus = replica(log);
    const wish = keyed(create('sales'), 'k');
    expect(verdict(await execute(bus, wish))).toBe('NAME_TAKEN');
    await execute(bus, rename(A, 'Support'));
    expect(verdict(await execute(bus, wish))).toBe('ok');
    const leave = keyed(unassign('maker', 'cat'), 'k');
    expect((await execute(bus, leave)).outcome).toMatchObject({ accepted: true, written: 0 });
    await execute(bus, assign('maker', 'cat'));
    expect((await execute(bus, leave)).outcome).toMatchObject({ accepted: true, written: 1 });
  });
});

describe('size', () => {
  const many = async (count: number): Promise<{ log: Log; ids: string[] }> => {
    const log = await given();
    const ids = Array.from(
      { length: count },
      (_, index) => `user-with-a-long-id-${String(index).padStart(5, '0')}`,
    );
    const reads = guardsOf(() => log.book());
    const known: typeof reads = {
      ...reads,
      userStatus: (_account, users) => new Map(users.map((id) => [id, 'ACTIVE'])),
    };
    const bus = replica(log, known);
    const done = await execute(bus, ask({ type: 'assignUsers', role: 'maker', userIds: ids }));
    expect(verdict(done)).toBe(count > 1_000 ? 'TOO_MANY' : 'ok');
    return { log, ids };
  };

  test('1,000 changes fit, 1,001 do not', async () => {
    const { log, ids } = await many(1_000);
    expect(log.book().roles.get('maker')?.members).toEqual(new Set(ids));
    await many(1_001);
  });

  test('fewer, where they are too large for one append: the refusal says how many fit', async () => {
    const { log, ids } = await many(1);
    const long = { reason: '\u{1F600}'.repeat(75), requestId: 'r'.repeat(200), causationId: 'c'.repeat(200) };
    const wanted = Array.from({ length: 999 }, (_, index) => `${ids[0]}-${index}`);
    const reads = guardsOf(() => log.book());
    const known: typeof reads = {
      ...reads,
      userStatus: (_account, users) => new Map(users.map((id) => [id, 'ACTIVE'])),
    };
    const assigned = (count: number) =>
      execute(
        replica(log, known),
        ask({ type: 'assignUsers', role: 'manager', userIds: wanted.slice(0, count) }, long),
      );
    const refused = await assigned(999);
    expect(verdict(refused)).toBe('TOO_MANY');
    const fit = Number(/(\d+) fit/.exec(refusalsOf(refused)[0]?.message ?? '')?.[1]);
    expect(fit).toBeGreaterThan(MAX_APPEND_BYTES / 2_000);
    expect(verdict(await assigned(fit + 1))).toBe('TOO_MANY');
    expect(verdict(await assigned(fit))).toBe('ok');
  });
});

describe('malformed contexts', () => {
  test.each([
    ['a reason of no character', { reason: '' }, 'INVALID_INPUT'],
    ['a blank reason', { reason: ' \n\u2800' }, 'INVALID_INPUT'],
    ['a reason that nobody sees', { reason: '\u200b\u200d' }, 'INVALID_INPUT'],
    ['a reason of two lines', { reason: 'HR-1\nsee there' }, 'ok'],
    ['no reason', { reason: null }, 'ok'],
    ['a reason of 201 characters', { reason: 'r'.repeat(201) }, 'REASON_TOO_LONG'],
    ['a reason of 300 bytes', { reason: '\u{1F600}'.repeat(75) }, 'ok'],
    ['a reason of 301 bytes', { reason: `${'\u{1F600}'.repeat(75)}x` }, 'REASON_TOO_LONG'],
    ['a key of 201 characters', { idempotencyKey: 'k'.repeat(201) }, 'INVALID_INPUT'],
  ])('%s', async (_what, context, expected) => {
    const log = await given();
    expect(verdict(await execute(replica(log), ask({ type: 'createRole', name: 'Sales' }, context)))).toBe(
      expected,
    );
  });

  test('ids that cannot be ids are not found', async () => {
    const bus = replica(await given());
    for (const id of ['', 'a b', 'ünïcode', 'x'.repeat(65), '../x']) {
      expect(verdict(await execute(bus, ask({ type: 'deleteRole', role: id })))).toBe('NOT_FOUND');
      expect(verdict(await execute(bus, ask({ type: 'deactivateUser', user: id })))).toBe('NOT_FOUND');
    }
    expect(verdict(await execute(bus, ask({ type: 'registerUser', username: 'eve', user: 'a b' })))).toBe(
      'INVALID_INPUT',
    );
  });
});

test('commands on one stream run one after another; on others, at once; a failure holds nobody up', async () => {
  const queue = new KeyedQueue();
  const order: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const failing = queue.run('x', async () => {
    await held;
    order.push('a');
    throw new Error('a');
  });
  const next = queue.run('x', async () => void order.push('b'));
  await queue.run('y', async () => void order.push('c'));
  release();
  await expect(failing).rejects.toThrow('a');
  await next;
  expect(order).toEqual(['c', 'a', 'b']);
});
