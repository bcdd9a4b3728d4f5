import fc from 'fast-check';
import {
  decideFeature,
  decideOpen,
  evolveAccount,
  NEW_ACCOUNT,
  type AccountState,
} from '../../../src/domain/account/account';
import type { AccountEvent } from '../../../src/domain/account/events';
import type { Decision } from '../../../src/domain/refusal';
import { CATALOGUE } from '../../commands/catalogue';
import { runs } from '../../scale';

/** The rules of one account. */

const account = 'acme';
const context = { catalogue: CATALOGUE };
const open = (name: string, ...features: string[]) =>
  decideOpen({ account, name, features }, NEW_ACCOUNT, context);
const opened = (...features: string[]): AccountState => {
  const decision = open('Acme', ...features);
  return decision.accepted ? decision.events.reduce(evolveAccount, NEW_ACCOUNT) : NEW_ACCOUNT;
};
const said = (decision: Decision<AccountEvent>): unknown[] =>
  decision.accepted
    ? decision.events.map(({ type }) => type)
    : decision.refusals.map(({ code, subject }) => [code, subject?.[0]]);
const feature = (key: string, enabled: boolean, state: AccountState) =>
  said(decideFeature({ account, feature: key, enabled }, state, context));

test('opening enables what is named and what is required, in the order of the catalogue', () => {
  expect(opened().features.toArray()).toEqual(['CORE']);
  expect(opened('EXTRA', 'CORE').features.toArray().sort()).toEqual(['CORE', 'EXTRA']);
  expect(said(open('Acme', 'EXTRA'))).toEqual(['AccountOpened', 'FeatureEnabled', 'FeatureEnabled']);
});

test('opening again changes nothing, whatever it names', () => {
  expect(decideOpen({ account, name: '', features: ['NOWHERE'] }, opened(), context)).toEqual({
    accepted: true,
    events: [],
  });
});

test('an account has a name, and features that exist', () => {
  expect(said(open(' '))).toEqual([['INVALID_INPUT', 'name']]);
  expect(said(open('x'.repeat(201)))).toEqual([['INVALID_INPUT', 'name']]);
  expect(said(open('Acme', 'NOWHERE'))).toEqual([['UNKNOWN_FEATURE', 'features']]);
});

test('features are enabled and disabled, but those that are required stay', () => {
  expect(feature('EXTRA', true, opened())).toEqual(['FeatureEnabled']);
  expect(feature('EXTRA', false, opened('EXTRA'))).toEqual(['FeatureDisabled']);
  expect(feature('EXTRA', false, opened())).toEqual([]);
  expect(feature('CORE', false, opened())).toEqual([['FEATURE_REQUIRED', 'feature']]);
  expect(feature('NOWHERE', true, opened())).toEqual([['UNKNOWN_FEATURE', 'feature']]);
  expect(feature('EXTRA', true, NEW_ACCOUNT)).toEqual([['NOT_FOUND', 'account']]);
});

test('a wish that is granted, asked again, comes to nothing; required features are always enabled', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('CORE', 'EXTRA', 'NOWHERE'), fc.boolean())), (wishes) => {
      let state = opened();
      for (const [key, enabled] of wishes) {
        const decision = decideFeature({ account, feature: key, enabled }, state, context);
        if (!decision.accepted) continue;
        state = decision.events.reduce(evolveAccount, state);
        expect(feature(key, enabled, state)).toEqual([]);
        expect(state.features.has('CORE')).toBe(true);
      }
    }),
    runs(100, 5),
  );
});
