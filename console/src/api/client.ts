import { cacheExchange, Client, fetchExchange, mapExchange } from '@urql/core';
import { consoleFetch } from './console-fetch';
import { holdPosition } from './position';
import { requestHeaders } from './request-headers';
import { watchExchange } from './watched';

interface Written {
  readonly position?: string | null;
}

/** The client of the API: documents are cached whole, and dropped when a mutation touches a type in them. */
export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  fetch: consoleFetch,
  fetchOptions: () => ({ headers: requestHeaders() }),
  exchanges: [
    mapExchange({
      onResult({ operation, data }) {
        if (operation.kind !== 'mutation' || !data) return;
        for (const payload of Object.values(data as Record<string, Written | null>))
          holdPosition(payload?.position);
      },
    }),
    watchExchange,
    cacheExchange,
    fetchExchange,
  ],
});
