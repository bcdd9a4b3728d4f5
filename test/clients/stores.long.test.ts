import { setTimeout as sleep } from 'node:timers/promises';
import { v4 } from 'uuid';
import { dataOf, startTestServer, ADMIN, type AnyData, type TestServer } from '../http/harness';
import { clients } from './clients';
import { LISTS, plain, type OperationName } from './operations';
import { bare, type OpenStore, type Store, type Variables } from './store';

/** The stores of Apollo Client, urql and Relay, as docs/frontend.md sets them up, on a server. */

const CLIENTS = clients();
type Opened = Store<OperationName>;

let server: TestServer;
/** Global id of the role that the story is about. */
let role = '';
/** A moment before the last changes of role and users. */
let then = '';
/** Warnings of the clients: of one id with two types, of fields that are missing, of data that is lost. */
let warnings: unknown[][] = [];

beforeAll(async () => {
  server = await startTestServer();
  await story();
});
afterAll(() => server.close());
beforeEach(() => {
  warnings = [];
  for (const level of ['error', 'warn'] as const)
    jest.spyOn(console, level).mockImplementation((...words: unknown[]) => void warnings.push(words));
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(warnings).toEqual([]);
});

const changed = async (mutation: string): Promise<AnyData> => {
  const [payload] = Object.values(dataOf(await server.graphql(`mutation { ${mutation} }`))) as [AnyData];
  expect(payload.errors).toEqual([]);
  // The next change has another time.
  await sleep(3);
  return payload;
};

async function story(): Promise<void> {
  for (const user of ['ben', 'cleo', 'dan', 'eva', 'finn', 'gil', 'hana'])
    await server.run({
      type: 'registerUser',
      user,
      username: `${user}@example.com`,
      name: user.toUpperCase(),
    });
  for (const name of ['Alpha', 'Beta', 'Gamma', 'Delta'])
    await changed(`createRole(input: { name: "${name}" }) { errors { code } }`);
  const made =
    await changed(`createRole(input: { name: "Night desk", userIds: ["User:ben", "User:cleo", "User:dan"],
    grants: [{ permission: "people/view", scopes: [] }, { permission: "logs/view" }] }) { role { id } errors { code } }`);
  role = made.role.id as string;
  await changed(
    `assignUsers(input: { roleId: "Role:campaign-manager", userIds: ["User:ben"] }) { errors { code } }`,
  );
  then = await position();
  await changed(`updateRole(input: { id: "${role}", name: "Night lead", unassignUserIds: ["User:cleo"],
    grants: [{ permission: "people/view" }] assignUserIds: ["User:eva", "User:finn", "User:gil", "User:hana"] }) { errors { code } }`);
  await changed(`updateUser(input: { id: "User:ben", name: "Benedict" }) { errors { code } }`);
  await changed(`updateUser(input: { id: "User:${ADMIN}", name: "Ada Lovelace" }) { errors { code } }`);
  await changed(`disableFeature(input: { feature: "ANALYZE" }) { errors { code } }`);
}

const position = async (): Promise<string> =>
  (await server.graphql('{ me { id } }')).extensions?.position ?? '';

/** The server's own answer. */
const answer = async (name: OperationName, variables: Variables): Promise<AnyData> =>
  dataOf(await server.graphql(plain(name), variables));

/** Answers of the server that stay as they are while no test changes anything. */
const known = new Map<string, Promise<AnyData>>();
function unchanged(name: OperationName, variables: Variables): Promise<AnyData> {
  const key = JSON.stringify([name, variables]);
  const given = known.get(key) ?? answer(name, variables);
  known.set(key, given);
  return given;
}

type Asked = readonly [OperationName, Variables];

/** Screens now and as of a moment, and the same things by their ids. */
function screens(): { now: Asked[]; past: Asked[]; byId: Asked[] } {
  const asked = (asOf: object | null): Asked[] => [
    ['Role', { id: role, asOf }],
    ['User', { id: 'User:ben', asOf }],
    ['User', { id: 'User:cleo', asOf }],
    ['Account', { asOf }],
  ];
  const byId = [role, `${role}@${then}`].map((id): Asked => ['RoleNode', { id }]);
  byId.push(...['User:ben', `User:ben@${then}`].map((id): Asked => ['UserNode', { id }]));
  return { now: asked(null), past: asked({ position: then }), byId };
}

/** Lists, with the size of the pages that they are read in. */
const lists = (): [keyof typeof LISTS, Variables, number][] => {
  const asOf = { position: then };
  const direction = 'DESC';
  return [
    ['Roles', { kind: 'CUSTOM' }, 2],
    ['Roles', { kind: 'CUSTOM', asOf }, 3],
    ['Roles', { search: 'a', orderBy: { field: 'USER_COUNT', direction } }, 5],
    ['Users', { orderBy: { field: 'NAME', direction } }, 3],
    ['Users', { notInRole: role, asOf }, 2],
    ['Holders', { permission: 'people/view' }, 3],
    ['Holders', { permission: 'people/view', asOf }, 2],
    ['History', { filter: { actor: `User:${ADMIN}` } }, 5],
    ['History', { filter: { role } }, 5],
    ['Members', { id: role }, 3],
    ['Members', { id: `${role}@${then}`, orderBy: { field: 'ASSIGNED_AT', direction } }, 2],
    ['RoleHistory', { id: `${role}@${then}` }, 3],
  ];
};

const connectionOf = (data: AnyData | null): AnyData => {
  const [root] = Object.values(data ?? {}) as AnyData[];
  return root?.edges ? root : Object.values(root ?? {}).find((field) => field?.edges);
};

type Way = 'forwards' | 'backwards';
type List = ReturnType<typeof lists>[number];

const firstPage = ([, variables, size]: List, way: Way): Variables => ({
  ...variables,
  ...(way === 'forwards' ? { first: size } : { last: size }),
});

/** Reads a list to its end, page by page, by the cursors that the store shows. */
async function walk(store: Opened, list: List, way: Way): Promise<void> {
  const [name] = list;
  const first = firstPage(list, way);
  await store.fetch(name, first);
  for (let pages = 1; ; pages++) {
    const { pageInfo } = connectionOf(store.read(name, first));
    if (!(way === 'forwards' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) {
      expect([name, pages]).not.toEqual([name, 1]);
      return;
    }
    const cursor = way === 'forwards' ? { after: pageInfo.endCursor } : { before: pageInfo.startCursor };
    await store.fetch(name, { ...first, ...cursor });
  }
}

const opened = async (open: OpenStore<OperationName>, user = ADMIN): Promise<Opened> =>
  open({ url: `${server.url}/graphql`, token: await server.token(user) });

describe.each(CLIENTS)('%s', (_, open) => {
  let store: Opened;
  beforeEach(async () => {
    store = await opened(open);
  });
  afterEach(() => store.close());

  test('what is and what was are kept apart, in whatever order they are asked for', async () => {
    const { now, past, byId } = screens();
    const whole = [...now, ...past, ...byId];
    const most = whole.filter(([name]) => name !== 'Account').toReversed();
    for (const order of [whole, most]) {
      store.close();
      store = await opened(open);
      for (const each of order) await store.fetch(...each);
      for (const each of order)
        expect([each, bare(store.read(...each))]).toEqual([each, await unchanged(...each)]);
    }
  });

  test('lists are paged both ways, and none of them is mixed with another', async () => {
    for (const way of ['forwards', 'backwards'] as const) {
      store.close();
      store = await opened(open);
      for (const list of lists()) await walk(store, list, way);
      // Looks at all once more, after all: a list that took the place of another would show here.
      for (const list of lists()) {
        const [name, variables] = list;
        const shown = bare(store.read(name, firstPage(list, way)));
        const whole = await unchanged(name, { ...variables, first: 60 });
        expect([list, way, shown]).toEqual([list, way, whole]);
      }
    }
  });
});

describe.each(CLIENTS)('%s, while something changes', (client, open) => {
  let store: Opened;
  beforeEach(async () => {
    store = await opened(open);
  });
  afterEach(() => store.close());

  test('what joins and leaves between two pages doubles and hides nothing', async () => {
    const named = (name: string): string =>
      `createRole(input: { name: "${client} ${name}" }) { role { id } errors { code } }`;
    const ids: string[] = [];
    for (const name of ['B', 'C', 'E', 'F']) ids.push((await changed(named(name))).role.id as string);
    const variables = { search: client, kind: 'CUSTOM' };
    await store.fetch('Roles', { ...variables, first: 2 });
    // The role at the cursor leaves; others come before and behind it.
    await changed(`deleteRole(input: { id: "${ids[1]}" }) { errors { code } }`);
    for (const name of ['A', 'D']) await changed(named(name));
    const { pageInfo } = connectionOf(store.read('Roles', { ...variables, first: 2 }));
    await store.fetch('Roles', { ...variables, first: 10, after: pageInfo.endCursor });
    const { edges } = connectionOf(store.read('Roles', { ...variables, first: 2 }));
    const names = edges.map(({ node }: AnyData) => node.name.replace(`${client} `, ''));
    expect(names).toEqual(['B', 'C', 'D', 'E', 'F']);
  });

  describe('mutations', () => {
    let id = '';
    beforeEach(async () => {
      const made = await changed(
        `createRole(input: { name: "Desk ${v4()}", userIds: ["User:ben"] }) { role { id } errors { code } }`,
      );
      id = made.role.id as string;
    });
    const nameShown = (): unknown => store.read('Name', { id })?.role.name;
    const rename = (name: string): [OperationName, Variables, AnyData] => {
      const payload = { __typename: 'RolePayload', errors: [], position: null, projected: true };
      const shown = {
        __typename: 'Role',
        id,
        name,
        version: 2,
        userCount: 1,
        updatedAt: null,
        updatedBy: null,
      };
      return ['Rename', { input: { id, name } }, { updateRole: { ...payload, role: shown } }];
    };
    /** Sends a mutation, looks at the store before the answer is there, and waits for it. */
    async function lookWhile(
      sent: () => Promise<unknown>,
    ): Promise<{ meanwhile: unknown; outcome: unknown }> {
      const gate = holdRequests();
      const done = sent().then(
        () => 'answered',
        (error: Error) => error,
      );
      await gate.reached;
      const meanwhile = nameShown();
      gate.open();
      return { meanwhile, outcome: await done };
    }

    test('an optimistic update is shown, until the answer takes its place', async () => {
      await store.fetch('Name', { id });
      const typed = `  Desk  of ${client} `;
      const { meanwhile, outcome } = await lookWhile(() => store.mutate(...rename(typed)));
      expect([meanwhile, outcome]).toEqual([typed, 'answered']);
      expect(bare(store.read('Name', { id }))).toEqual(await answer('Name', { id }));
      expect(nameShown()).not.toBe(typed);
    });

    test('an optimistic update that is refused is taken back', async () => {
      await store.fetch('Name', { id });
      const before = nameShown();
      const { meanwhile, outcome } = await lookWhile(() => store.mutate(...rename('x'.repeat(101))));
      expect([meanwhile, outcome, nameShown()]).toEqual(['x'.repeat(101), 'answered', before]);
    });

    test('an optimistic update is taken back when the caller may not, or no answer comes', async () => {
      store.close();
      store = await opened(open, 'dan');
      await changed(
        `createRole(input: { name: "Reader ${v4()}", userIds: ["User:dan"], grants: [{ permission: "roles/view" }] }) { errors { code } }`,
      );
      await store.fetch('Name', { id });
      const before = nameShown();
      const refused = await lookWhile(() => store.mutate(...rename('Mine')));
      expect([refused.meanwhile, refused.outcome, nameShown()]).toEqual(['Mine', expect.any(Error), before]);
      jest.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed'));
      await expect(store.mutate(...rename('Gone'))).rejects.toThrow();
      expect(nameShown()).toBe(before);
    });

    test('a mutation changes what is, and leaves what was', async () => {
      const asOf = { position: await position() };
      const asked: Asked[] = [
        ['Role', { id, asOf }],
        ['Role', { id, asOf: null }],
        ['User', { id: 'User:ben', asOf }],
        ['User', { id: 'User:ben', asOf: null }],
      ];
      for (const each of asked) await store.fetch(...each);
      const [roleThen, , userThen] = asked.map((each) => bare(store.read(...each)) as AnyData);
      await store.mutate('Rename', { input: { id, name: `Renamed by ${client}` } });
      await store.mutate('Leave', { input: { userId: 'User:ben', unassignRoleIds: [id] } });
      const [roleWas, roleIs, userWas, userIs] = asked.map((each) => store.read(...each) as AnyData);
      expect(roleIs!.role).toMatchObject({ name: `Renamed by ${client}`, userCount: 0 });
      expect(bare(userIs)).toEqual(await answer('User', { id: 'User:ben', asOf: null }));
      // The object of now stands inside of that of then, and is the only thing in it that changes.
      roleThen!.role.current = { ...roleThen!.role.current, name: roleIs!.role.name, userCount: 0 };
      roleThen!.role.current.current.name = roleIs!.role.name;
      expect(bare(roleWas)).toEqual(roleThen);
      expect(bare(userWas)).toEqual(userThen);
    });
  });
});

/** Holds back requests of clients until it is opened. */
function holdRequests(): { readonly reached: Promise<void>; open(): void } {
  const { promise: opened, resolve: open } = withResolvers();
  const { promise: reached, resolve: reach } = withResolvers();
  const real = globalThis.fetch;
  const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    reach();
    await opened;
    return real(...request);
  });
  return {
    reached,
    open: () => {
      spy.mockRestore();
      open();
    },
  };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
