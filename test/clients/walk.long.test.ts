import { Installation, type ServerProcess } from '../end-to-end/installation';
import { openApollo } from './apollo';
import { schema } from './documented';
import { ENDINGS, relayModules, shownOperations, textOf, withIds } from './documented-operations';
import { artifacts, openRelay } from './relay';
import { bare, type OpenStore, type Variables } from './store';
import { openUrql } from './urql';

/** Every operation that the pages show, in their order, on the demo, by each client: a store gives back what was answered. */

/** Asked of a demo of its own days, which `test/http/auditing.test.ts` begins. */
const OF_OTHER_DAYS = ['docs/auditing.md'];

const shown = shownOperations(OF_OTHER_DAYS).map((each) => withIds(schema(), each));
const texts = new Map(shown.map((each) => [each.name, textOf(each)]));
const text = (name: string): string => texts.get(name) ?? '';
const endings = new Map(shown.map(({ name, kind }) => [name, ENDINGS[kind]]));
const artifact = artifacts(relayModules(shown));

/** Fragments of several types on one `node`: the page says why these are not for urql. */
const NOT_FOR_URQL = ['Refetch'];

/** Variables of each screen. Their buttons, which take an input, are pressed by `test/http/screen-buttons.test.ts`. */
const ROLE = { id: 'Role:campaign-manager' };
const USER = { id: 'User:ravi-sharma' };
const SCREENS: Readonly<Record<string, Variables>> = {
  RoleList: { kind: 'CUSTOM' },
  DeleteQuestion: ROLE,
  NewRole: {},
  RolePermissions: ROLE,
  ScopesOfRole: { id: 'RolePermission:campaign-manager/campaigns/launch' },
  ScopesOfPermission: { id: 'Permission:logs/view' },
  RoleUsers: ROLE,
  AllUsers: { role: ROLE.id },
  UserList: {},
  UserPage: USER,
  UserAccess: USER,
  WhoCan: { permission: 'campaigns/launch' },
  FeatureList: {},
  HistoryPanel: { filter: { role: ROLE.id } },
};
/** A change that takes something from the users of a role of the demo: stores tell an empty page in words of their own. */
async function reviewed(): Promise<Variables> {
  const query = '{ roles(kind: CUSTOM, search: "Newsletter editor", first: 1) { nodes { id } } }';
  const { data } = await server.graphql<{ roles: { nodes: { id: string }[] } }>(query);
  return { id: data.roles.nodes[0]?.id, grants: [{ permission: 'logs/view' }] };
}
const takesInput = (name: string): boolean => text(name).includes('$input:');

const CLIENTS: readonly (readonly [string, OpenStore<string>, readonly string[]])[] = [
  ['Apollo Client', openApollo(text), []],
  ['urql', openUrql(text, false), NOT_FOR_URQL],
  ['Relay', openRelay((name) => artifact(`${name}${endings.get(name)}`)), []],
];

const installation = new Installation();
let server: ServerProcess;
beforeAll(async () => {
  server = await installation.start();
});
afterAll(async () => {
  await server.stop();
  installation.remove();
});

test.each(CLIENTS)('%s', async (_, open, leftOut) => {
  const warnings: unknown[][] = [];
  for (const level of ['error', 'warn'] as const)
    jest.spyOn(console, level).mockImplementation((...words: unknown[]) => void warnings.push(words));
  const store = open({ url: `${server.url}/graphql`, token: server.token });
  const then = new Date(Date.now() - 86_400_000).toISOString();
  const known: Record<string, unknown> = { then };
  let read = 0;
  const asked = shown.filter((each) => !leftOut.includes(each.name) && !takesInput(each.name));
  for (const { name, kind } of asked) {
    const needed = [...text(name).matchAll(/\$(\w+):/g)].map(([, variable = '']) => variable);
    const screen = name === 'Review' ? await reviewed() : SCREENS[name];
    const variables: Variables =
      screen ?? Object.fromEntries(needed.map((variable) => [variable, known[variable]]));
    if (kind === 'mutation') {
      const data = await store.mutate(name, variables);
      known.id ??= data.createRole?.role.id;
      continue;
    }
    await store.fetch(name, variables);
    const { data, errors } = await server.graphql<{ role: { history: History } }>(text(name), variables);
    expect([name, errors]).toEqual([name, undefined]);
    expect([name, bare(store.read(name, variables))]).toEqual([name, data]);
    read += 1;
    // The entry before the deletion.
    if (name === 'WhatWas') known.was = data.role.history.edges[1]?.node.role?.pastId;
  }
  store.close();
  jest.restoreAllMocks();
  expect(read).toBeGreaterThan(10);
  expect(warnings).toEqual([]);
});

interface History {
  readonly edges: readonly { readonly node: { readonly role: { readonly pastId: string } | null } }[];
}
