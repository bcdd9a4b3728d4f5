import type { Client } from '@urql/core';
import type { CacheExchangeOpts } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { AnyData } from '../http/harness';
import { load, schema } from './documented';
import type { OpenStore } from './store';

/** The page's client of urql, with the normalised cache. */

interface Rules {
  readonly pages: readonly { readonly type: string; readonly field: string }[];
}
interface Page {
  urqlClient(
    url: string,
    token: string,
    rules: object,
    settings: Pick<CacheExchangeOpts, 'optimistic' | 'resolvers'>,
  ): Client;
}

/** `joined`: the pages of every list become one. */
export const openUrql =
  <Name extends string>(text: (name: Name) => string, joined: boolean): OpenStore<Name> =>
  ({ url, token }) => {
    const { cacheRules } = load<{ cacheRules(of: object): Rules }>('cache-rules');
    const rules = cacheRules(schema());
    const resolvers: NonNullable<CacheExchangeOpts['resolvers']> = {};
    for (const { type, field } of joined ? rules.pages : [])
      (resolvers[type] ??= {})[field] = relayPagination();
    let optimistic: AnyData | undefined;
    const client = load<Page>('urql').urqlClient(url, token, rules, {
      resolvers,
      optimistic: { updateRole: () => optimistic?.updateRole ?? null },
    });
    return {
      async fetch(name, variables) {
        const asked = client.query(text(name), variables, { requestPolicy: 'network-only' });
        const { error } = await asked.toPromise();
        if (error) throw error;
      },
      read: (name, variables) =>
        client.readQuery(text(name), variables, { requestPolicy: 'cache-only' })?.data ?? null,
      async mutate(name, variables, shown) {
        optimistic = shown;
        const { data, error } = await client.mutation(text(name), variables).toPromise();
        if (error) throw error;
        return data as AnyData;
      },
      close: () => undefined,
    };
  };
