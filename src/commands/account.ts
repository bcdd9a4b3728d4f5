import { decideFeature, decideOpen, type AccountState } from '../domain/account/account';
import type { AccountEvent } from '../domain/account/events';
import type { Decision } from '../domain/refusal';
import type { DisableFeature, EnableFeature, OpenAccount } from './inputs';
import type { HandlerOutcome } from './outcome';
import type { CommandSession } from './session';
import { transact } from './transact';

/** Commands on an account: opening it, and enabling or disabling features. */

export const openAccount = (session: CommandSession, input: OpenAccount): Promise<HandlerOutcome> =>
  onAccount(session, (state) => decideOpen({ account: session.context.account, ...input }, state, session));

export const enableFeature = (session: CommandSession, { feature }: EnableFeature): Promise<HandlerOutcome> =>
  changeFeature(session, feature, true);

export const disableFeature = (
  session: CommandSession,
  { feature }: DisableFeature,
): Promise<HandlerOutcome> => changeFeature(session, feature, false);

const changeFeature = (session: CommandSession, feature: string, enabled: boolean): Promise<HandlerOutcome> =>
  onAccount(session, (state) =>
    decideFeature({ account: session.context.account, feature, enabled }, state, session),
  );

function onAccount(
  session: CommandSession,
  decide: (state: AccountState) => Decision<AccountEvent>,
): Promise<HandlerOutcome> {
  return transact(session, {
    owner: { kind: 'account', id: session.context.account },
    load: () => session.loadAccount(),
    decide,
  });
}
