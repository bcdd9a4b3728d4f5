import * as fc from 'fast-check';
import type { Command, CommandContext } from '../../src/commands/command';
import { decodeAnswers, decodeItems, encodeAnswers, encodeItems } from '../../src/operator/operator-wire';
import type { OperatorAnswer, OperatorItem } from '../../src/operator/operator-bus';
import { runs } from '../scale';
import { Transfer } from './transfer';

/**
 * Random items of an operator and random lines of imports, sound and not: each has an answer of its own, and what was
 * accepted is there. `npm run test:long` tries 12,000 of each.
 */

const { numRuns: ITEMS, seed: SEED = Date.now() } = runs(600);
const AT_ONCE = 200;

const transfer = new Transfer();
beforeAll(async () => {
  await transfer.open();
  for (const account of ['a', 'b']) await transfer.account(account);
});
afterAll(() => transfer.close());

const some = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, salt: number): T[] =>
  fc.sample(arbitrary, { numRuns, seed: SEED + salt });

/** Few of each, so that they meet; some are of nobody, and some cannot be. */
const user = fc.constantFrom(
  ...Array.from({ length: 30 }, (_, n) => `user${n}`),
  'nobody',
  'not an id',
  '',
  'x'.repeat(65),
);
const role = fc.constantFrom('account-admin', 'campaign-manager', 'no-such-role', 'a b', '');
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from({ length: 40 }, (_, n) => `Name ${n}`)) },
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('', ' ', 'x'.repeat(201), 'two\nlines', '\u0007', '\u200b'),
);
const users = fc.array(user, { maxLength: 4 });
const permission = fc.constantFrom('roles/view', 'logs/view', 'users/manage', 'no/such', '');
const grant = fc.record({
  permission,
  scopes: fc.option(fc.constantFrom<string[][]>([], ['sms:logs:read'], ['no:such']), { nil: undefined }),
});
const grants = fc.array(grant, { maxLength: 3 });
const description = fc.option(fc.string({ maxLength: 20 }));

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ type: fc.constant('registerUser' as const), user, username: name, name }),
  fc.record({
    type: fc.constant('registerUser' as const),
    username: name,
    name,
    generation: fc.constantFrom(1, 1, 1, 2, 0, 1_001),
  }),
  fc.record({ type: fc.constant('updateUser' as const), user, username: name, name }),
  fc.record({ type: fc.constant('deactivateUser' as const), user }),
  fc.record({ type: fc.constant('reactivateUser' as const), user }),
  fc.record({
    type: fc.constant('recordLogin' as const),
    user,
    at: fc.date({ min: new Date(0), max: new Date(), noInvalidDate: true }),
  }),
  fc.record({ type: fc.constant('createRole' as const), name, description, grants, userIds: users }),
  fc.record({
    type: fc.constant('updateRole' as const),
    role,
    name,
    assignUserIds: users,
    unassignUserIds: users,
  }),
  fc.record({ type: fc.constant('assignUsers' as const), role, userIds: users }),
  fc.record({ type: fc.constant('unassignUsers' as const), role, userIds: users }),
  fc.record({ type: fc.constant('deleteRole' as const), role }),
  fc.record({ type: fc.constant('openAccount' as const), name, features: fc.constant([]) }),
);
const context: fc.Arbitrary<CommandContext> = fc.record(
  {
    account: fc.constantFrom('a', 'a', 'a', 'b', 'never-opened', 'not an id'),
    actor: fc.constantFrom(
      { type: 'operator' as const, id: 'ann' },
      { type: 'operator' as const, id: 'bob' },
    ),
    requestId: fc.uuid(),
    reason: fc.constantFrom('SUP-1', null, 'x'.repeat(201)),
    restoring: fc.boolean(),
    idempotencyKey: fc.option(fc.constantFrom('k1', 'k2', 'k'.repeat(201))),
  },
  { requiredKeys: ['account', 'actor', 'requestId'] },
);

const codesOf = (answer: OperatorAnswer): string[] =>
  answer.accepted
    ? ['accepted']
    : 'error' in answer
      ? [answer.error.code]
      : answer.refusals.map(({ code }) => code);

test(`${ITEMS} items of an operator, as they travel: each has its answer, and what was accepted is in the log`, async () => {
  const items = some(fc.record({ command, context }), ITEMS, 1);
  const tally = new Map<string, number>();
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const sent = items.slice(start, start + AT_ONCE);
    const before = await transfer.events();
    const received = decodeItems(JSON.parse(encodeItems(sent)) as unknown).map(({ item }) => item!);
    const answers = decodeAnswers(encodeAnswers(await transfer.bus.executeAll(received)));
    expect(answers).toHaveLength(sent.length);
    let written = 0;
    for (const answer of answers) {
      const codes = codesOf(answer);
      expect(codes.length).toBeGreaterThan(0);
      for (const code of codes) tally.set(code, (tally.get(code) ?? 0) + 1);
      if (answer.accepted) written += answer.written;
    }
    // Claims and fences are written besides; nothing that was acknowledged is missing.
    expect(await transfer.events()).toBeGreaterThanOrEqual(before + written);
    checkHeld(received, answers);
  }
  expect(transfer.models.status().poison).toBeNull();
  expect(tally.get('accepted')).toBeGreaterThan(ITEMS / 20);
  for (const code of ['NOT_FOUND', 'INVALID_INPUT', 'UNKNOWN_USER'])
    expect(tally.get(code)).toBeGreaterThan(0);
});

/** Every user that these registered is there. */
function checkHeld(items: readonly OperatorItem[], answers: readonly OperatorAnswer[]): void {
  for (const [index, { command: each, context: asked }] of items.entries()) {
    const answer = answers[index]!;
    if (each.type !== 'registerUser' || !answer.accepted) continue;
    expect(answer.owner.id).toEqual(each.user ?? expect.stringMatching(/^u_/));
    expect(transfer.models.view(asked.account).users([answer.owner.id]).size).toBe(1);
  }
}

test(`${ITEMS} lines of a file of users: each is counted once, the refused are told by number, the others are there`, async () => {
  const field = fc.oneof(
    { weight: 3, arbitrary: name.filter((text) => !/[\r\n]/.test(text)) },
    fc.constantFrom('"', 'a"b', '"open', 'a,b'),
  );
  // Quotes that break their line, and that no other line can close: a record of two lines would be one.
  const bare = field.filter((text) => !text.includes('"') || text === 'a"b' || text === '"open');
  const status = fc.constantFrom('', 'ACTIVE', 'INACTIVE', 'gone');
  const id = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, user);
  const externalId = fc.oneof({ weight: 2, arbitrary: fc.constant('') }, field);
  const identity = fc.oneof(
    { weight: 6, arbitrary: fc.constant(['', '']) },
    { weight: 2, arbitrary: field.map((subject) => ['https://login.example', subject]) },
    { weight: 1, arbitrary: fc.tuple(field, field) },
  );
  const line = fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(field, field, id, status, externalId, identity)
        .map((fields) => fields.flat().map(asField).join(',')),
    },
    { weight: 1, arbitrary: fc.tuple(bare, bare).map((fields) => fields.join(',')) },
  );
  const lines = some(line, ITEMS, 2).filter((text) => text.trim() !== '');
  await transfer.account('users');
  const file = `username,name,id,status,externalId,issuer,subject\n${lines.join('\r\n')}\r\n`;
  const first = await transfer.users('users', file);
  checkCounts(first, lines.length);
  expect(first.written).toBeGreaterThan(0);
  // Once more: who was refused or taken is so again, but for those whom a later line had changed.
  checkCounts(await transfer.users('users', file), lines.length);
  const { length } = (await transfer.exportedUsers('users')).trim().split('\n').slice(1);
  expect(length).toBeGreaterThan(0);
  expect(transfer.models.status().poison).toBeNull();
});

/** Quoted where it must be, so that a quote in it is not what breaks the line; the short lines are not. */
const asField = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test(`${ITEMS} lines of a file of roles: each is counted once, the refused are told by number, the others are there`, async () => {
  await transfer.account('roles');
  await transfer.users(
    'roles',
    `username,name,status\n${Array.from({ length: 20 }, (_, n) => `user${n},User,${n % 5 ? '' : 'INACTIVE'}`).join('\n')}\n`,
  );
  transfer.faults.splice(0);
  const custom = fc.record(
    { name, description, grants, users, inactiveUsers: users },
    { requiredKeys: ['name'] },
  );
  const preset = fc.record({ key: role, users, inactiveUsers: users }, { requiredKeys: ['key', 'users'] });
  const line = fc.oneof(
    { weight: 5, arbitrary: fc.oneof(custom, preset).map((each) => JSON.stringify(each)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constantFrom('{', '{"name":7}', '{"name":"x","users":"all"}', 'null', '[]') },
  );
  const lines = some(line, ITEMS, 3);
  checkCounts(await transfer.roles('roles', lines.join('\n')), lines.length);
  expect(transfer.models.status().poison).toBeNull();
});

function checkCounts(
  { written, unchanged, refused }: Record<'written' | 'unchanged' | 'refused', number>,
  lines: number,
): void {
  const told = transfer.refusedLines;
  transfer.faults.splice(0);
  expect(written + unchanged + refused).toBe(lines);
  expect(told).toHaveLength(refused);
  expect(new Set(told).size).toBe(refused);
}
