import { Ledger, commandIdOf, type Asked, type LoggedAppend } from './flood/ledger';

/** A flood that cannot tell is worth nothing: what it must find, it finds. */

const asked = (more: Partial<Asked> = {}): Asked => ({
  requestId: 'q1',
  account: 'demo',
  user: 'admin',
  command: 'updateRole',
  key: null,
  target: null,
  mustWrite: true,
  ...more,
});
const logged = (more: Partial<LoggedAppend> = {}): LoggedAppend => ({
  stream: 'rolebook.role-demo.r1',
  commandId: 'c1',
  requestId: 'q1',
  command: 'updateRole',
  about: 'r1',
  position: 'p7',
  isFence: false,
  isBar: false,
  ...more,
});

test('what is in the log once, at the place that was told, is sound', () => {
  const ledger = new Ledger();
  ledger.acknowledge(asked(), 'p7');
  expect(ledger.compare([logged()])).toEqual({
    acknowledged: 1,
    written: 1,
    unchanged: 0,
    refused: 0,
    unanswered: 0,
    lost: [],
    misplaced: [],
    doubled: [],
    disobeyed: [],
  });
});

test('what was acknowledged and is not there is lost; where nothing was to change, its place must be there', () => {
  const ledger = new Ledger();
  ledger.acknowledge(asked(), 'p7');
  ledger.acknowledge(asked({ requestId: 'q2', mustWrite: false }), 'p7');
  ledger.acknowledge(asked({ requestId: 'q3', mustWrite: false }), 'p8');
  const { lost, unchanged } = ledger.compare([logged({ requestId: 'q0' })]);
  expect(lost).toEqual([expect.stringContaining('request q1'), expect.stringContaining('request q3')]);
  expect(unchanged).toBe(1);
});

test('a key finds its change whichever request brought it; on another stream it is another change', () => {
  const keyed = asked({ key: 'k', requestId: 'q2' });
  const commandId = commandIdOf(keyed);
  const ledger = new Ledger();
  ledger.acknowledge(keyed, 'p7');
  const once = logged({ commandId });
  expect(ledger.compare([once])).toMatchObject({ lost: [], misplaced: [], doubled: [] });
  expect(
    ledger.compare([once, logged({ commandId, stream: 'rolebook.role-demo.r2', about: 'r2' })]).doubled,
  ).toEqual([]);
  expect(ledger.compare([once, logged({ commandId, position: 'p9' })]).doubled).toHaveLength(1);
  expect(ledger.compare([logged({ commandId, position: 'p9' })]).misplaced).toHaveLength(1);
});

test('one key on two users: each has its own change, and its own bar; an own place of the one is none of the other', () => {
  const lift = (user: string, position: string) =>
    logged({ stream: 'rolebook.role-demo.account-admin', about: user, position, command: 'reactivateUser' });
  const keyed = (target: string) => asked({ key: 'k', target, command: 'reactivateUser', mustWrite: false });
  const commandId = commandIdOf(keyed('ann'));
  const both = [lift('ann', 'p7'), lift('bob', 'p9')].map((each) => ({ ...each, commandId }));
  const ledger = new Ledger();
  ledger.acknowledge(keyed('ann'), 'p7');
  ledger.acknowledge(keyed('bob'), 'p9');
  ledger.acknowledge(keyed('cat'), 'p7');
  expect(ledger.compare(both)).toMatchObject({ written: 2, unchanged: 1, misplaced: [], doubled: [] });
  ledger.acknowledge(keyed('ann'), 'p9');
  expect(ledger.compare(both).misplaced).toHaveLength(1);
  expect(ledger.compare([...both, { ...lift('ann', 'p11'), commandId }]).doubled).toHaveLength(1);
});

test('a key may find nothing to change at first: that answer stands at an earlier place, never at a later one', () => {
  const keyed = asked({ key: 'k', mustWrite: false });
  const commandId = commandIdOf(keyed);
  const others = ['p3', 'p9'].map((position) => logged({ commandId: 'c2', requestId: 'q2', position }));
  const log = [others[0]!, logged({ commandId }), others[1]!];
  const misplaced = (position: string | null, more: Partial<Asked> = {}): number => {
    const ledger = new Ledger();
    ledger.acknowledge({ ...keyed, ...more }, position);
    return ledger.compare(log).misplaced.length;
  };
  expect(['p7', 'p3', null].map((position) => misplaced(position))).toEqual([0, 0, 0]);
  expect(['p9', 'p8'].map((position) => misplaced(position))).toEqual([1, 1]);
  expect([misplaced('p3', { mustWrite: true }), misplaced('p3', { key: null })]).toEqual([1, 1]);
});

test('fences and claims are no changes', () => {
  const ledger = new Ledger();
  ledger.refuse(asked());
  const fence = logged({ isFence: true });
  const claim = logged({ stream: 'rolebook.claim-demo.x' });
  expect(ledger.compare([fence, fence, claim, claim])).toMatchObject({ doubled: [], disobeyed: [] });
});

test('a bar that each attempt writes anew is no change made twice, and stands against a refusal', () => {
  const ledger = new Ledger();
  ledger.refuse(asked());
  const bar = logged({ isBar: true });
  expect(ledger.compare([bar, bar])).toMatchObject({ doubled: [], disobeyed: [expect.anything()] });
  expect(ledger.compare([bar, logged(), logged()]).doubled).toHaveLength(1);
});

test('what was refused and is there all the same is found', () => {
  const ledger = new Ledger();
  ledger.refuse(asked());
  expect(ledger.compare([logged()]).disobeyed).toEqual([expect.stringContaining('request q1')]);
});

test('of two changes in one request, the one that was refused does not answer for the other', () => {
  const assigning = (target: string | null, command = 'assignUsers') => asked({ target, command });
  const written = logged({ command: 'assignUsers' });
  const disobeyed = (refused: Asked, taken: Asked): number => {
    const ledger = new Ledger();
    ledger.refuse(refused);
    ledger.acknowledge(taken, 'p7');
    return ledger.compare([written]).disobeyed.length;
  };
  expect(disobeyed(assigning('r2'), assigning('r1'))).toBe(0);
  expect(disobeyed(assigning('r1'), assigning(null, 'updateUserRoles'))).toBe(0);
  expect(disobeyed(assigning('r1'), assigning('r2'))).toBe(1);
  expect(disobeyed(assigning('r1'), assigning('r1', 'updateRole'))).toBe(1);
  expect(disobeyed(assigning('r1'), { ...assigning('r1'), requestId: 'q2' })).toBe(1);
});
