import fc from 'fast-check';
import {
  conflictClaim,
  evolveClaim,
  externalIdClaim,
  NEW_CLAIM,
  roleNameClaims,
  usernameClaims,
  type ClaimState,
} from '../../../src/domain/claim/claim';
import type { ClaimEvent } from '../../../src/domain/claim/events';
import { isId } from '../../../src/domain/vocabulary';
import { runs } from '../../scale';

/** State of a claim stream: its last event decides. */

const OWNERS = ['a', 'b', 'c'];
const USERS = ['ann', 'bob'];
const anyEvent: fc.Arbitrary<ClaimEvent> = fc
  .tuple(
    fc.constantFrom('Claimed' as const, 'Released' as const),
    fc.constantFrom(...OWNERS),
    fc.subarray(USERS),
  )
  .map(([type, owner, users]) => ({ type, data: { kind: 'ROLE_CONFLICT', owner, users } }));
const stateOf = (events: readonly ClaimEvent[]): ClaimState => events.reduce(evolveClaim, NEW_CLAIM);

test('the holder is who claimed last and did not release since', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const claimed = events.findLastIndex(({ type }) => type === 'Claimed');
      const owner = events[claimed]?.data.owner ?? null;
      const released = events.slice(claimed + 1).some(({ data }) => data.owner === owner);
      expect(stateOf(events).holder).toBe(released ? null : owner);
    }),
    runs(100, 2),
  );
});

test('each user is claimed alone', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), fc.constantFrom(...USERS), (events, user) => {
      const own = events.filter(({ data }) => data.users.includes(user));
      expect(stateOf(events).byUser.get(user)).toBe(stateOf(own).holder ?? undefined);
    }),
    runs(100, 2),
  );
});

test('one name is one claim, however it is written; kinds are apart; the order of two roles does not matter', () => {
  expect(roleNameClaims(' ＳＡＬＥＳ')).toEqual(roleNameClaims('sales'));
  expect(usernameClaims('Ann')).toEqual(usernameClaims('ann'));
  expect(roleNameClaims('ann')).not.toEqual(usernameClaims('ann'));
  expect(externalIdClaim(' Å-1 ')).toBe(externalIdClaim('A\u030a-1'));
  expect(externalIdClaim('e1')).not.toBe(externalIdClaim('E1'));
  expect([externalIdClaim('ann')]).not.toEqual(usernameClaims('ann'));
  expect(conflictClaim('maker', 'checker')).toBe(conflictClaim('checker', 'maker'));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(roleNameClaims(name).every(isId)).toBe(true);
    }),
    runs(100, 2),
  );
});

test('names of claim streams are in the log: they never change', () => {
  expect(roleNameClaims('Straße Ⅷ')).toEqual(['wMNLXCN6ZGMPsUvyKEEd3wkYvAoyIs-31tZjlhk0rAc']);
  expect(usernameClaims('ann')).toEqual(['hX55UCtXkWbwUvStnfv0aKmmLeGkefWgBvsvVwvaxTU']);
  expect(externalIdClaim('Åse 7')).toBe('npS_okldMQVh30XnaX37aXMkr2BS9onpwHvMtLvjHtc');
});

test('a name with default-ignorables is claimed with and without them', () => {
  const [bare, own, ...more] = roleNameClaims('علی\u200cرضا');
  expect([bare]).toEqual(roleNameClaims('علیرضا'));
  expect(own).not.toBe(bare);
  expect(more).toEqual([]);
});
