import type { ApolloServerPlugin } from '@apollo/server';
import type { Logger } from 'pino';
import type { RequestContext } from '../../graphql/context';

/**
 * One line for each mutation: its field, outcome and duration. The caller and the exact change are in the log of
 * events, under the same request id; no personal data is logged here.
 */
export const mutationLog = (logger: Logger): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue: { mutations, requestId, identity } }) {
        for (const { ms, codes, outcome, ...record } of mutations) {
          const line = {
            requestId,
            account: identity.account,
            ...record,
            outcome,
            codes,
            ms: Math.round(ms),
          };
          logger[outcome === 'failed' ? 'warn' : 'info'](line, 'mutation');
        }
      },
    };
  },
});
