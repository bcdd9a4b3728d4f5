import { Ledger, type LoggedAppend } from './ledger';
import { commandIdOf, probeWish, wishesOf, type Wish } from './wishes';

/** A torture that cannot tell is worth nothing: what it must find, it finds. */

const wish = (key: string): Wish => probeWish(key);
const logged = (of: Wish, position: bigint, stream = of.stream): LoggedAppend => ({
  stream,
  commandId: commandIdOf(of),
  position,
});
const encode = (position: bigint): string => `at ${position}`;

test('what is in the log once, at the place that was told, is sound', () => {
  const ledger = new Ledger();
  ledger.ask(wish('a'));
  ledger.acknowledge(wish('a'), 'at 7');
  // Asked for and never answered: there or not, both are sound.
  ledger.ask(wish('b'));
  ledger.ask(wish('c'));
  expect(ledger.compare([logged(wish('a'), 7n), logged(wish('b'), 8n)], encode)).toEqual({
    acknowledged: 1,
    unanswered: 2,
    lost: [],
    doubled: [],
    misplaced: [],
  });
});

test('what was acknowledged and is not there is lost, also when only its claim is', () => {
  const ledger = new Ledger();
  ledger.ask(wish('a'));
  ledger.acknowledge(wish('a'), 'at 7');
  const { lost } = ledger.compare([logged(wish('a'), 7n, 'rolebook.claim-demo.x')], encode);
  expect(lost).toEqual([expect.stringContaining('registerUser a')]);
});

test('what is there twice is doubled, acknowledged or not', () => {
  const ledger = new Ledger();
  ledger.ask(wish('a'));
  const { doubled } = ledger.compare([logged(wish('a'), 7n), logged(wish('a'), 9n)], encode);
  expect(doubled).toEqual([expect.stringContaining('registerUser a')]);
});

test('what is there at another place than was told is misplaced', () => {
  const ledger = new Ledger();
  ledger.ask(wish('a'));
  ledger.acknowledge(wish('a'), 'at 6');
  expect(ledger.compare([logged(wish('a'), 7n)], encode).misplaced).toHaveLength(1);
});

test('every kind of mutation is asked for, and each key once', () => {
  const wishes = wishesOf('me', 'r_hot', true);
  const some = Array.from({ length: 60 }, () => wishes.next().value);
  expect(new Set(some.map(({ key }) => key)).size).toBe(60);
  expect(new Set(some.map(({ mutation }) => mutation)).size).toBe(17);
});
