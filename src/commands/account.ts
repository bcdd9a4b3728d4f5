import { decideFeature, decideOpen, type AccountState } from '../domain/account/account';
import type { AccountEvent } from '../domain/account/events';
import type { Decision } from '../domain/refusal';
import type { DisableFeature, EnableFeature, OpenAccount } from './inputs';
import type { CommandOutcome } from './outcome';
import type { CommandSession } from './session';
import { transact } from './transact';

/** Commands on an account: opening it, and the features that it has enabled. */

export const openAccount = (session: CommandSession, input: OpenAccount): Promise<CommandOutcome> =>
  onAccount(session, (state) => decideOpen(session.context.account, input, session.catalogue, state));

export const enableFeature = (session: CommandSession, { feature }: EnableFeature): Promise<CommandOutcome> =>
  changeFeature(session, feature, true);

export const disableFeature = (
  session: CommandSession,
  { feature }: DisableFeature,
): Promise<CommandOutcome> => changeFeature(session, feature, false);

const changeFeature = (session: CommandSession, feature: string, enabled: boolean): Promise<CommandOutcome> =>
  onAccount(session, (state) =>
    decideFeature(session.context.account, { feature, enabled }, session.catalogue, state),
  );

function onAccount(
  session: CommandSession,
  decide: (state: AccountState) => Decision<AccountEvent>,
): Promise<CommandOutcome> {
  return transact(session, {
    owner: { kind: 'account', id: session.context.account },
    load: () => session.loadAccount(),
    decide,
  });
}
