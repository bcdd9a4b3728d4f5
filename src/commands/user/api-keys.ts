import { DEFAULT_API_KEY_DAYS, decideCreateApiKey, decideRevokeApiKey } from '../../domain/user/api-keys';
import { newApiKeyId } from '../identity';
import { complete, type CreateApiKey, type RevokeApiKey } from '../inputs';
import type { HandlerOutcome } from '../outcome';
import type { CommandSession } from '../session';
import { onUser, unlessBeyond } from './user';

/**
 * Commands on the API keys of service users. Whoever has a key acts as its user: to create one takes what giving the user’s
 * privileged permissions takes, and so does to revoke one.
 */

/**
 * Creates a key whose text the sender has drawn: here it is known by its hash alone. A repeat under the idempotency key finds
 * the first key, whatever text was drawn for the repeat.
 */
export async function createApiKey(session: CommandSession, input: CreateApiKey): Promise<HandlerOutcome> {
  const { user, name, expiresInDays, prefix, hash, ...rest } = input;
  const apiKey = newApiKeyId(session.identity);
  const days = expiresInDays ?? DEFAULT_API_KEY_DAYS;
  const wanted = complete(rest, { user, apiKey, name, prefix, hash, expiresInDays: days });
  const outcome = await onUser(session, user, (state) =>
    unlessBeyond(session, user, decideCreateApiKey(wanted, state, { now: session.tools.now() })),
  );
  return outcome.accepted ? { ...outcome, apiKey } : outcome;
}

export async function revokeApiKey(session: CommandSession, input: RevokeApiKey): Promise<HandlerOutcome> {
  const { user, apiKey } = input;
  const outcome = await onUser(session, user, (state) =>
    unlessBeyond(session, user, decideRevokeApiKey(input, state)),
  );
  return outcome.accepted ? { ...outcome, apiKey } : outcome;
}
