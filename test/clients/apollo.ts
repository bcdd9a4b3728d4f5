import { gql, type ApolloClient } from '@apollo/client';
import type { AnyData } from '../http/harness';
import { load, schema } from './documented';
import type { OpenStore } from './store';

/** The page's client of Apollo, and its InMemoryCache. */

interface Page {
  apolloClient(uri: string, token: string, rules: object): ApolloClient;
}

export const openApollo =
  <Name extends string>(text: (name: Name) => string): OpenStore<Name> =>
  ({ url, token }) => {
    const { cacheRules } = load<{ cacheRules(of: object): object }>('cache-rules');
    const client = load<Page>('apollo').apolloClient(url, token, cacheRules(schema()));
    return {
      async fetch(name, variables) {
        await client.query({ query: gql(text(name)), variables, fetchPolicy: 'network-only' });
      },
      read: (name, variables) => client.readQuery({ query: gql(text(name)), variables }, true),
      async mutate(name, variables, optimisticResponse) {
        const { data } = await client.mutate({ mutation: gql(text(name)), variables, optimisticResponse });
        return data as AnyData;
      },
      close: () => client.stop(),
    };
  };
