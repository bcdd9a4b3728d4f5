import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getRequest,
  type Environment,
  type GraphQLTaggedNode,
} from 'relay-runtime';
import type { AnyData } from '../http/harness';
import { evaluate, load, relayConfig, SCHEMA } from './documented';
import { bare, type OpenStore, type Variables } from './store';

/** The page's environment of Relay, with artifacts that its compiler makes. */

/**
 * Compiles modules, by name, with the settings of the page.
 * @returns the TypeScript that the compiler made, by the name of the operation
 */
export function compile(modules: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rolebook-relay-'));
  try {
    mkdirSync(path.join(folder, 'src'));
    mkdirSync(path.join(folder, 'made'));
    for (const [module, texts] of modules) {
      const tagged = texts.map((text) => `graphql\`${text}\`;`);
      writeFileSync(
        path.join(folder, 'src', `${module}.ts`),
        ["import { graphql } from 'relay-runtime';", ...tagged].join('\n'),
      );
    }
    const config = { ...relayConfig(), schema: SCHEMA, artifactDirectory: './made' };
    writeFileSync(path.join(folder, 'relay.config.json'), JSON.stringify(config));
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the package has no types: it is the path of a program
    const program = require('relay-compiler') as string;
    execFileSync(program, ['relay.config.json'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return new Map(
      readdirSync(path.join(folder, 'made')).map((file) => [
        file.replace(/\.graphql\.ts$/, ''),
        readFileSync(path.join(folder, 'made', file), 'utf8'),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Artifacts of operations, by the name of each. */
export function artifacts(
  modules: ReadonlyMap<string, readonly string[]>,
): (name: string) => GraphQLTaggedNode {
  const made = compile(modules);
  const evaluated = new Map<string, unknown>();
  return (name) => {
    const artifact = evaluated.get(name) ?? evaluate(made.get(name) ?? '').default;
    evaluated.set(name, artifact);
    return artifact as GraphQLTaggedNode;
  };
}

export const openRelay =
  <Name extends string>(artifact: (name: Name) => GraphQLTaggedNode): OpenStore<Name> =>
  ({ url, token }) => {
    const page = load<{ relayEnvironment(url: string, token: string): Environment }>('relay');
    const environment = page.relayEnvironment(url, token);
    const descriptor = (name: Name, variables: Variables) =>
      createOperationDescriptor(getRequest(artifact(name)), variables);
    return {
      async fetch(name, variables) {
        // A screen retains what it shows.
        environment.retain(descriptor(name, variables));
        const networkCacheConfig = { force: true };
        await fetchQuery(environment, artifact(name), variables, { networkCacheConfig }).toPromise();
      },
      read(name, variables) {
        const { data, isMissingData } = environment.lookup(descriptor(name, variables).fragment);
        return isMissingData ? null : ((data as AnyData | null | undefined) ?? null);
      },
      mutate: (name, variables, shown) =>
        new Promise((resolve, reject) => {
          commitMutation(environment, {
            mutation: artifact(name),
            variables,
            // Types come from the artifact.
            optimisticResponse: bare(shown) as undefined,
            onCompleted: (data, errors) =>
              errors ? reject(new Error(errors[0]?.message)) : resolve(data as AnyData),
            onError: reject,
          });
        }),
      close: () => undefined,
    };
  };
