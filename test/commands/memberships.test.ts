import fc from 'fast-check';
import { CommandError, type CommandContext } from '../../src/commands/command';
import {
  changeMemberships,
  MAX_ROLE_USERS,
  MAX_USER_ROLES,
  type MembershipsChange,
  type MembershipsOutcome,
} from '../../src/commands/batch/memberships';
import type { RefusalCode } from '../../src/domain/refusal';
import { EventStoreError } from '../../src/event-store/port/event-store';
import { A, assign, create, deactivate, erase, keyed, unassign } from '../model-checker/scenarios/wishes';
import { guardsOf } from './decision-reads';
import {
  ask,
  contextOf,
  execute,
  gatedStore,
  given,
  replica,
  user,
  verdict,
  type Ask,
  type Log,
} from './harness';

/** Many memberships at once: each a command of its own, told in the order asked, safe to send again. */

interface Options extends Partial<CommandContext> {
  readonly dryRun?: boolean;
}

const change = (
  log: Log,
  wanted: MembershipsChange,
  { dryRun = false, ...context }: Options = {},
): Promise<MembershipsOutcome> =>
  changeMemberships(replica(log), wanted, {
    ...contextOf({ command: { type: 'deleteRole', role: '' }, context }),
    dryRun,
  });

const roles = (
  of: string,
  assigned: readonly string[],
  unassigned: readonly string[] = [],
): MembershipsChange => ({
  type: 'updateUserRoles',
  of,
  assign: assigned,
  unassign: unassigned,
});
const users = (
  of: string,
  assigned: readonly string[],
  unassigned: readonly string[] = [],
): MembershipsChange => ({
  type: 'updateRoleUsers',
  of,
  assign: assigned,
  unassign: unassigned,
});

/** Each membership in one line: its list, its id, and what came of it. */
const lines = ({ memberships }: MembershipsOutcome): string[] =>
  memberships.map(({ list, id, changed, refusals }) => {
    const why = refusals.map(({ code, field }) => `${code} ${field?.join('.')}`);
    return [list, id, ...(refusals.length > 0 ? why : [changed ? 'changed' : 'as it was'])].join(' ');
  });
const membersOf = (log: Log): Record<string, string[]> =>
  Object.fromEntries([...log.book().roles].map(([id, { members }]) => [id, [...members].sort()]));

test('one outcome a role in the order asked; one that is refused does not hold up the others', async () => {
  const log = await given(keyed(create('Sales'), 'a'), assign('manager', 'cat'));
  const outcome = await change(log, roles('cat', ['maker', 'typist', 'checker', A], ['manager', 'nobody']));
  expect(lines(outcome)).toEqual([
    'assign maker changed',
    'assign typist NOT_FOUND assign.1',
    'assign checker ROLE_CONFLICT assign.2',
    `assign ${A} changed`,
    'unassign manager changed',
    'unassign nobody NOT_FOUND unassign.1',
  ]);
  expect(membersOf(log)).toMatchObject({ maker: ['cat'], [A]: ['cat'], manager: [] });
  expect(outcome.position).toBe(log.events.at(-1)?.position);
});

test('roles in conflict are swapped in one request', async () => {
  const log = await given(assign('maker', 'cat'));
  expect(lines(await change(log, roles('cat', ['checker'], ['maker'])))).toEqual([
    'assign checker changed',
    'unassign maker changed',
  ]);
});

test('the last admin stays, and is replaced in one request', async () => {
  const log = await given(unassign('account-admin', 'bob'));
  expect(lines(await change(log, roles('ann', ['maker'], ['account-admin'])))).toEqual([
    'assign maker changed',
    'unassign account-admin LAST_ADMIN unassign.0',
  ]);
  expect(lines(await change(log, users('account-admin', ['cat'], ['ann'])))).toEqual([
    'assign cat changed',
    'unassign ann changed',
  ]);
  expect(lines(await change(log, users('account-admin', [], ['cat', 'dan'])))).toEqual([
    'unassign cat LAST_ADMIN unassign.0',
    'unassign dan as it was',
  ]);
});

test('faults of the one user are told for the user, those of one of many for each', async () => {
  const log = await given(deactivate('cat'), erase('dan'), assign('checker', 'ann'));
  expect(lines(await change(log, roles('cat', ['maker'])))).toEqual(['assign maker USER_INACTIVE user']);
  expect(lines(await change(log, roles('eve', ['maker'], ['manager'])))).toEqual([
    'assign maker UNKNOWN_USER user',
    'unassign manager UNKNOWN_USER user',
  ]);
  expect(lines(await change(log, users('maker', ['cat', 'bob', 'dan', 'eve', 'ann'])))).toEqual([
    'assign cat USER_INACTIVE assign.0',
    'assign bob changed',
    'assign dan USER_ERASED assign.2',
    'assign eve UNKNOWN_USER assign.3',
    'assign ann ROLE_CONFLICT assign.4',
  ]);
  expect(lines(await change(log, users('nobody', ['ann'])))).toEqual(['assign ann NOT_FOUND role']);
});

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `r${index}`);

test.each<[string, MembershipsChange, Options, RefusalCode, string | undefined]>([
  ['a role twice in one list', roles('cat', ['maker', 'maker']), {}, 'INVALID_INPUT', 'assign.1'],
  ['a role in both lists', roles('cat', ['manager', 'maker'], ['maker']), {}, 'INVALID_INPUT', 'unassign.0'],
  ['a user in both lists', users('maker', ['cat'], ['dan', 'cat']), {}, 'INVALID_INPUT', 'unassign.1'],
  ['too many roles', roles('cat', many(MAX_USER_ROLES), ['maker']), {}, 'TOO_MANY', undefined],
  ['too many users', users('maker', many(MAX_ROLE_USERS), ['cat']), {}, 'TOO_MANY', undefined],
  [
    'a reason that is too long',
    roles('cat', ['maker']),
    { reason: 'r'.repeat(201) },
    'REASON_TOO_LONG',
    'reason',
  ],
  [
    'a key that is too long',
    roles('cat', []),
    { idempotencyKey: 'k'.repeat(201) },
    'INVALID_INPUT',
    'idempotencyKey',
  ],
])('%s is refused as a whole, and nothing is written', async (_what, wanted, options, code, field) => {
  const log = await given();
  const written = log.events.length;
  const { refusals, memberships, position } = await change(log, wanted, options);
  expect(refusals.map((each) => [each.code, each.field?.join('.')])).toEqual([[code, field]]);
  expect([memberships, position, log.events.length]).toEqual([[], null, written]);
});

test('nothing asked is nothing done', async () => {
  const log = await given();
  expect(await change(log, roles('cat', []))).toEqual({ refusals: [], memberships: [], position: null });
});

test('privileged roles are refused to those who do not have their permissions, the others are given', async () => {
  const log = await given(assign('manager', 'cat'));
  const wanted = roles('dan', ['account-admin', 'maker']);
  expect(lines(await change(log, wanted, { actor: user('cat') }))).toEqual([
    'assign account-admin ESCALATION assign.0',
    'assign maker changed',
  ]);
  await expect(change(log, wanted, { actor: user('dan') })).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('all are judged by the rights at the beginning, which the first may take away', async () => {
  const log = await given(assign('manager', 'cat'));
  const guards = guardsOf(() => log.book());
  const bus = replica(log, {
    ...guards,
    rights: (account, id) => {
      const book = log.book();
      return guardsOf(() => book).rights(account, id);
    },
  });
  const context = contextOf({ ...assign('maker'), context: { actor: user('cat') } });
  const outcome = await changeMemberships(bus, roles('cat', ['maker'], ['manager']), {
    ...context,
    dryRun: false,
  });
  expect(lines(outcome)).toEqual(['assign maker changed', 'unassign manager changed']);
});

describe('Under a key', () => {
  const key = { idempotencyKey: 'k'.repeat(200) };

  test('the key is of each role of the user: with another wish for it, it is refused', async () => {
    const log = await given();
    await change(log, roles('cat', ['maker']), key);
    const written = log.events.length;
    expect(lines(await change(log, roles('cat', [], ['maker']), key))).toEqual([
      'unassign maker IDEMPOTENCY_KEY_REUSED idempotencyKey',
    ]);
    expect(log.events.length).toBe(written);
    expect(lines(await change(log, roles('dan', ['maker']), key))).toEqual(['assign maker changed']);
    expect(lines(await change(log, users('maker', ['bob'], ['cat']), key))).toEqual([
      'assign bob changed',
      'unassign cat changed',
    ]);
  });

  test('it is no key of the single commands', async () => {
    const log = await given(keyed(assign('maker', 'dan'), key.idempotencyKey));
    await change(log, roles('cat', ['maker']), key);
    expect(verdict(await execute(replica(log), keyed(assign('maker', 'dan'), key.idempotencyKey)))).toBe(
      'ok',
    );
  });

  test('a log that fails on the way leaves what was done, says so, and the rest is done when sent again', async () => {
    const log = await given();
    const store = gatedStore(log, () => Promise.resolve());
    let appends = 0;
    const failing: typeof store = {
      ...store,
      async append(...args) {
        appends += 1;
        // The second role is `maker`, with a claim before its own append.
        if (appends === 3) throw new EventStoreError('UNAVAILABLE', 'away');
        return store.append(...args);
      },
    };
    const wanted = roles('cat', ['manager', 'maker']);
    const context = contextOf({ ...assign('maker'), context: key });
    const failed = await changeMemberships(replica(log, undefined, undefined, { store: failing }), wanted, {
      ...context,
      dryRun: false,
    }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandError);
    expect(failed).toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message:
        'After 1 of 2 memberships were changed, one failed: The log cannot be reached; nothing was written. What was changed stays; send the whole again.',
    });
    expect(membersOf(log)).toMatchObject({ manager: ['cat'] });
    expect(lines(await change(log, wanted, key))).toEqual([
      'assign manager as it was',
      'assign maker changed',
    ]);
  });
});

const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay', 'gil'];
const ROLES = ['account-admin', 'maker', 'checker', 'manager', 'typist', A, 'nobody'];
const START: readonly Ask[] = [
  keyed(create('Sales'), 'a'),
  ask({ type: 'registerUser', user: 'fay', username: 'fay' }),
  ask({ type: 'registerUser', user: 'gil', username: 'gil' }),
  assign('maker', 'fay'),
  deactivate('fay'),
  erase('gil'),
];

/** Single wishes that led to where the change begins, refused ones among them. */
const before = fc.array(
  fc
    .record({
      joins: fc.boolean(),
      role: fc.constantFrom(...ROLES),
      who: fc.subarray(PEOPLE, { minLength: 1, maxLength: 3 }),
    })
    .map(({ joins, role, who }) => (joins ? assign(role, ...who) : unassign(role, ...who))),
  { maxLength: 6 },
);
const changes: fc.Arbitrary<MembershipsChange> = fc
  .record({ ofUser: fc.boolean(), user: fc.constantFrom(...PEOPLE), role: fc.constantFrom(...ROLES) })
  .chain(({ ofUser, user: person, role }) =>
    fc
      .shuffledSubarray(ofUser ? ROLES : PEOPLE)
      .chain((others) =>
        fc
          .nat({ max: others.length })
          .map((cut) =>
            ofUser
              ? roles(person, others.slice(0, cut), others.slice(cut))
              : users(role, others.slice(0, cut), others.slice(cut)),
          ),
      ),
  );

/** Changes of which a later part depends on an earlier one; chance finds them seldom. */
const TOGETHER: [Ask[], MembershipsChange][] = [
  [[assign('maker', 'cat')], roles('cat', ['checker'], ['maker'])],
  [[], roles('cat', ['maker', 'checker'])],
  [[], users('account-admin', [], ['ann', 'bob'])],
  [[], users('account-admin', ['cat'], ['bob', 'ann'])],
];

async function starting(wishes: readonly Ask[]): Promise<Log> {
  const log = await given(...START);
  const bus = replica(log);
  for (const wish of wishes) await execute(bus, wish);
  return log;
}

/** The same, command by command, in the order that is documented. */
async function oneByOne(
  log: Log,
  { type, of, assign: joins, unassign: leaves }: MembershipsChange,
): Promise<string[]> {
  const bus = replica(log);
  const verdicts = new Map<string, string>();
  const run = async (ids: readonly string[], wish: typeof assign): Promise<void> => {
    for (const id of ids)
      verdicts.set(id, verdict(await execute(bus, type === 'updateUserRoles' ? wish(id, of) : wish(of, id))));
  };
  if (type === 'updateUserRoles') {
    await run(leaves, unassign);
    await run(joins, assign);
  } else {
    await run(joins, assign);
    await run(leaves, unassign);
  }
  return [...joins, ...leaves].map((id) => verdicts.get(id) ?? '');
}

const verdicts = ({ memberships }: MembershipsOutcome): string[] =>
  memberships.map(({ refusals }) =>
    refusals.length === 0 ? 'ok' : [...new Set(refusals.map(({ code }) => code))].sort().join(' '),
  );

describe('Whatever is asked', () => {
  test('the whole is the sequence of its commands, and a dry run decides the same and writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(before, changes, async (wishes, wanted) => {
        const log = await starting(wishes);
        const single = await log.copy();
        const events = log.events.length;
        const dry = await change(log, wanted, { dryRun: true });
        expect(log.events.length).toBe(events);
        const done = await change(log, wanted);
        expect(dry.memberships).toEqual(done.memberships);
        expect(verdicts(done)).toEqual(await oneByOne(single, wanted));
        expect(membersOf(log)).toEqual(membersOf(single));
        const changed = done.memberships.filter((each) => each.changed).length;
        const told = log.events.slice(events).filter(({ type }) => type.startsWith('User'));
        expect(told).toHaveLength(changed);
      }),
      { numRuns: 40, examples: TOGETHER },
    );
  });

  test('sent again under its key, it writes nothing and says the same', async () => {
    await fc.assert(
      fc.asyncProperty(before, changes, async (wishes, wanted) => {
        const log = await starting(wishes);
        const key = { idempotencyKey: 'once' };
        const first = await change(log, wanted, key);
        const events = log.events.length;
        const again = await change(log, wanted, key);
        expect(log.events.length).toBe(events);
        expect(again.memberships).toEqual(first.memberships.map((each) => ({ ...each, changed: false })));
      }),
      { numRuns: 40, examples: TOGETHER },
    );
  });
});
