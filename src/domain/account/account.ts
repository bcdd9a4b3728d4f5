import { Set as ImmutableSet } from 'immutable';
import type { Catalogue } from '../catalogue/catalogue';
import { isLonger, isVisible, LONGEST_NAME, nameFault, tidyName } from '../text';
import { accept, named, refusal, refuse, type Decision } from '../refusal';
import type { AccountEvent } from './events';

/** State of one account stream, and the rules of changing it. */
export interface AccountState {
  readonly opened: boolean;
  readonly name: string;
  readonly features: ImmutableSet<string>;
}

export const NEW_ACCOUNT: AccountState = { opened: false, name: '', features: ImmutableSet() };

/** The state after one more event. */
export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'AccountOpened':
      return { ...state, opened: true, name: event.data.name };
    case 'FeatureEnabled':
      return { ...state, features: state.features.add(event.data.feature) };
    case 'FeatureDisabled':
      return { ...state, features: state.features.delete(event.data.feature) };
  }
}

/** The account that a command changes. */
interface OfAccount {
  readonly account: string;
}

/** Facts that a decision about an account needs besides its own stream. */
export interface AccountContext {
  readonly catalogue: Catalogue;
}

/** Opening enables the features named and all required ones. Opening an open account changes nothing. */
export function decideOpen(
  { account, ...wanted }: OfAccount & { readonly name: string; readonly features: readonly string[] },
  state: AccountState,
  { catalogue }: AccountContext,
): Decision<AccountEvent> {
  if (state.opened) return accept([]);
  const message =
    isLonger(wanted.name.trim(), LONGEST_NAME) || !isVisible(wanted.name)
      ? `An account’s name has 1 to ${LONGEST_NAME} characters, one at least to be seen.`
      : nameFault(wanted.name);
  if (message !== null) return refuse(refusal('INVALID_INPUT', { message, subject: ['name'] }));
  const name = tidyName(wanted.name);
  const unknown = wanted.features.filter((key) => !isPresent(catalogue, key));
  if (unknown.length > 0) return refuse(unknownFeature(unknown, 'features'));
  const enabled = catalogue.content.features.filter(
    (feature) => !feature.retired && (feature.required || wanted.features.includes(feature.key)),
  );
  return accept([
    { type: 'AccountOpened', data: { account, name } },
    ...enabled.map(({ key }): AccountEvent => ({ type: 'FeatureEnabled', data: { account, feature: key } })),
  ]);
}

export function decideFeature(
  { account, feature, enabled }: OfAccount & { readonly feature: string; readonly enabled: boolean },
  state: AccountState,
  { catalogue }: AccountContext,
): Decision<AccountEvent> {
  if (!state.opened) return refuse(refusal('NOT_FOUND', { subject: ['account'] }));
  if (!isPresent(catalogue, feature)) return refuse(unknownFeature([feature], 'feature'));
  if (!enabled && catalogue.feature.get(feature)?.required)
    return refuse(refusal('FEATURE_REQUIRED', { subject: ['feature'] }));
  if (state.features.has(feature) === enabled) return accept([]);
  return accept([{ type: enabled ? 'FeatureEnabled' : 'FeatureDisabled', data: { account, feature } }]);
}

const isPresent = (catalogue: Catalogue, key: string): boolean =>
  catalogue.feature.get(key)?.retired === false;

const unknownFeature = (keys: readonly string[], subject: 'feature' | 'features') =>
  refusal('UNKNOWN_FEATURE', {
    message: `The catalogue has no such feature: ${named(keys)}.`,
    subject: [subject],
  });
