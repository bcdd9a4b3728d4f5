import { randomBytes, randomUUID } from 'node:crypto';
import { createSchema } from '../../src/graphql/schema';
import { ACCOUNT, ADMIN, dataOf, openAccount, startTestServer, type TestServer } from './harness';
import { probesOf, type Probe } from './probes';
import { unknownBlock, unknownCursor, unknownId } from './unknown-texts';

/** Two accounts on one server, and all that an admin of the one could learn of the other by texts that name its things. */

const OTHER = 'other';
const OTHER_ADMIN = 'olga';
/** Begins every name in the other account, and no name in the first. */
const SECRET = 'Zzyzx';

export interface ForeignId {
  readonly text: string;
  /** A text of the same form that never named anything. */
  unknown(): string;
}

export interface TwoAccounts {
  readonly server: TestServer;
  readonly probes: readonly Probe[];
  readonly foreign: readonly ForeignId[];
}

/** A place where a text of any account is right: ids of new users are each account's own. */
const GIVEN_ID = 'registerUser.input.id';

export async function twoAccounts(): Promise<TwoAccounts> {
  const server = await startTestServer({ environment: { ROLEBOOK_MAX_QUERY_COST: '10000000' } });
  await server.run({ type: 'createRole', name: 'Own', userIds: [ADMIN] });
  await openAccount(server.run, OTHER, OTHER_ADMIN, `${SECRET} Olga`);
  for (let n = 0; n < 5; n += 1) {
    const [user, name] = [`${SECRET.toLowerCase()}-${n}`, `${SECRET} ${n}`];
    await server.run(
      { type: 'registerUser', user, username: name, name, externalId: name },
      { account: OTHER },
    );
    await server.run({ type: 'createRole', name, userIds: [user] }, { account: OTHER });
  }
  const { roles } = dataOf(await server.graphql('{ roles(kind: CUSTOM) { nodes { id } } }'));
  const ownRole: string = roles.nodes[0].id;
  const probes = probesOf(createSchema(), (at) => (/role/i.test(at) ? ownRole : `User:${ADMIN}`));
  return {
    server,
    probes: probes.filter(({ at }) => at !== GIVEN_ID),
    foreign: await foreignIds(server, ownRole),
  };
}

async function foreignIds(server: TestServer, ownRole: string): Promise<ForeignId[]> {
  const answer = await server.graphql(
    `{
      account { id }
      roles(kind: CUSTOM) { edges { cursor node { id } } }
      users { edges { cursor node { id username externalId } } }
      history(first: 100) { edges { cursor node { id } } }
    }`,
    {},
    { as: OTHER_ADMIN, account: OTHER },
  );
  const { roles, users, history } = dataOf(answer);
  const edges = [...roles.edges, ...users.edges, ...history.edges] as {
    cursor: string;
    node: { id: string };
  }[];
  const position = answer.extensions?.position ?? '';
  const custom = edges.map(({ node }) => node.id).filter((id) => /^(Role|User):.*-/.test(id));
  const events: string[] = [];
  for await (const event of server.store.readAll({})) if (event.stream.includes(OTHER)) events.push(event.id);
  return [
    ...custom.map(ofType),
    ...edges.flatMap(({ node: { id } }) => (id.startsWith('HistoryEntry:') ? [block(id)] : [])),
    ...edges.map(({ cursor }) => cursorOf(cursor)),
    block(position),
    block(`${ownRole}@${position}`),
    ...events.map((text): ForeignId => ({ text, unknown: randomUUID })),
  ];
}

const ofType = (text: string): ForeignId => ({ text, unknown: () => unknownId(text) });
const block = (text: string): ForeignId => ({ text, unknown: () => unknownBlock(text) });
const cursorOf = (text: string): ForeignId => ({ text, unknown: () => unknownCursor(text) });

/** The answer to a probe, without what differs between any two answers. */
export async function answerTo(server: TestServer, probe: Probe, text: string): Promise<string> {
  const name = `n${randomBytes(8).toString('hex')}`;
  const { query, variables } = probe.request(text, name);
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await server.token(ADMIN, ACCOUNT)}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  const headers = [...response.headers].filter(([key]) => !CHANGING.has(key));
  const body = (await response.text()).replaceAll(text, '<probe>').replaceAll(name, '<name>');
  const plain = PATTERNS.reduce((now, [pattern, by]) => now.replaceAll(pattern, by), body);
  return JSON.stringify([response.status, headers, plain]);
}

const CHANGING = new Set(['date', 'x-request-id', 'content-length']);
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/"position":"[^"]*"/g, '"position":"<position>"'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
];

/** True if a text shows something of the other account. */
export const tells = (answer: string): boolean => answer.toLowerCase().includes(SECRET.toLowerCase());
