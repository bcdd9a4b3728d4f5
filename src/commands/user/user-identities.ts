import { decideLink, decideUnlink } from '../../domain/user/identities';
import { isSameActor } from '../../domain/vocabulary';
import { complete, type LinkUserIdentity, type UnlinkUserIdentity } from '../inputs';
import type { HandlerOutcome } from '../outcome';
import type { CommandSession } from '../session';
import { onUser, unlessBeyond } from './user';
import { claimed } from './user-claims';

/**
 * Commands on the identities of users. Whoever has an identity linked can act as the user, and whose identity is unlinked
 * cannot any more: both need all privileged permissions that the user's roles grant.
 */

export function linkUserIdentity(session: CommandSession, input: LinkUserIdentity): Promise<HandlerOutcome> {
  const { user, issuer, subject, ...rest } = input;
  const linking = complete(rest, { user, identity: claimed(session, { issuer, subject }) });
  return onUser(session, user, (state) => unlessBeyond(session, user, decideLink(linking, state)));
}

export function unlinkUserIdentity(
  session: CommandSession,
  input: UnlinkUserIdentity,
): Promise<HandlerOutcome> {
  const { user, issuer, subject, ...rest } = input;
  const by = unlinkerOf(session, user);
  const identity = claimed(session, { issuer, subject });
  const unlinking = complete(rest, { user, identity, by });
  return onUser(session, user, (state) => unlessBeyond(session, user, decideUnlink(unlinking, state)));
}

function unlinkerOf(
  { context: { account, actor }, tools: { reads } }: CommandSession,
  user: string,
): 'themselves' | 'program' | 'other' {
  if (isSameActor(actor, { type: 'user', id: user })) return 'themselves';
  const isProgram = actor.type === 'user' && reads.isService(account, actor.id);
  return isProgram && !reads.isService(account, user) ? 'program' : 'other';
}
