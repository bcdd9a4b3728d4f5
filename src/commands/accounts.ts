import { decideFeature, decideOpen } from '../domain/account/account';
import { accountStream } from '../event-store/port/streams';
import { earlierOutcome, record, refused, untilDecided } from './attempt';
import type { Command, CommandOutcome, CommandOwner } from './command';
import { accountFold } from './streams/folds';
import type { CommandSession } from './session';

/** Commands on an account: opening it, and the features that it has enabled. */
export type AccountCommand = Extract<Command, { type: 'openAccount' | 'enableFeature' | 'disableFeature' }>;

export function changeAccount(session: CommandSession, command: AccountCommand): Promise<CommandOutcome> {
  const { account } = session.context;
  const owner: CommandOwner = { kind: 'account', id: account };
  return untilDecided(session, null, async () => {
    const loaded = await session.load(accountStream(account), accountFold);
    const earlier = earlierOutcome(session, owner, loaded);
    if (earlier) return earlier;
    const decision =
      command.type === 'openAccount'
        ? decideOpen(account, command, session.catalogue, loaded.state)
        : decideFeature(
            account,
            command.feature,
            command.type === 'enableFeature',
            session.catalogue,
            loaded.state,
          );
    return decision.accepted
      ? record(session, owner, loaded, decision.events)
      : refused(decision.refusals, loaded);
  });
}
