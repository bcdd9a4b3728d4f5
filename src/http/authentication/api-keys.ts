import type { DecisionReads } from '../../commands/decision-reads';
import { API_KEY_START, apiKeyHash, isApiKeyText } from '../../domain/user/api-key';
import { InvalidTokenError, type Authenticator } from './identity';
import type { SeenTimes } from './last-times';

/** API keys of service users. */

type KeyReads = Pick<DecisionReads, 'apiKey' | 'userStatus'>;

/**
 * Authenticates by API keys. There is no cache: the look-up is one row of an index, so that a revocation that this replica
 * has projected holds from the next request on. A key that is mistyped, unknown, revoked or expired is told alike.
 */
export const apiKeys = (
  reads: KeyReads,
  uses: Pick<SeenTimes, 'seen'>,
  now: () => number = Date.now,
): Authenticator => ({
  recognises: (token) => token.startsWith(API_KEY_START),
  async identify(token) {
    if (!isApiKeyText(token)) throw new InvalidTokenError('This is not the text of an API key.');
    const key = reads.apiKey(apiKeyHash(token));
    const at = now();
    if (key === null || key.expiresAt.getTime() <= at)
      throw new InvalidTokenError('There is no such API key, or not any more.');
    const { account, user } = key;
    // The guard refuses the keys of all others: that is no use.
    if (reads.userStatus(account, [user]).get(user) === 'ACTIVE') uses.seen(key, at);
    return { kind: 'user', account, user };
  },
});
