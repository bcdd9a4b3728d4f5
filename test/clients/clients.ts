import { openApollo } from './apollo';
import { nameOf, plain, relayModules, type OperationName } from './operations';
import { artifacts, openRelay } from './relay';
import type { OpenStore } from './store';
import { openUrql } from './urql';

/** The clients that the stories are told of, with the operations of these. */
export function clients(): readonly (readonly [string, OpenStore<OperationName>])[] {
  const artifact = artifacts(relayModules());
  return [
    ['Apollo Client', openApollo(plain)],
    ['urql', openUrql(plain, true)],
    ['Relay', openRelay((name) => artifact(nameOf(name)))],
  ];
}
