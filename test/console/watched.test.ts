import { cacheExchange, Client, fetchExchange, gql } from '@urql/core';
import { refreshTo, watchExchange } from '../../console/src/api/watched';

/** Queries that are read anew once the position has moved, on urql as the console puts it together. */

const QUERY = gql`
  query Roles {
    roles
  }
`;

interface Sent {
  readonly headers: Headers;
}

/** A screen on a server that answers in turn; an answer that is an error is a server that is away. */
function setUp(...answers: ({ roles: string; position: string } | Error)[]) {
  const sent: Sent[] = [];
  const client = new Client({
    url: 'http://127.0.0.1/graphql',
    preferGetMethod: false,
    fetch: async (_, init) => {
      sent.push({ headers: new Headers(init?.headers) });
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error('Nothing was to be asked.');
      const { roles, position } = answer;
      const body = { data: { roles, __typename: 'Query' }, extensions: { position } };
      return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
    },
    exchanges: [watchExchange, cacheExchange, fetchExchange],
  });
  const shown: (string | undefined)[] = [];
  const screen = client
    .query(QUERY, {})
    .subscribe(
      ({ data, stale }) => void (stale || shown.push((data as { roles: string } | undefined)?.roles)),
    );
  return { client, sent, shown, screen };
}

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 20));

test('what shows another position is read anew, on behalf of nobody; what shows this one is not', async () => {
  const { client, sent, shown } = setUp({ roles: 'old', position: 'p1' }, { roles: 'new', position: 'p2' });
  await settle();
  refreshTo(client, 'p1');
  await settle();
  expect(shown).toEqual(['old']);
  refreshTo(client, 'p2');
  await settle();
  expect(shown).toEqual(['old', 'new']);
  expect(sent.map(({ headers }) => headers.get('rolebook-unattended'))).toEqual([null, '1']);
  refreshTo(client, 'p2');
  await settle();
  expect(sent).toHaveLength(2);
});

test('a server that is away takes nothing from the screen, and is asked again', async () => {
  const { client, shown } = setUp({ roles: 'old', position: 'p1' }, new Error('away'), {
    roles: 'new',
    position: 'p2',
  });
  await settle();
  refreshTo(client, 'p2');
  await settle();
  expect(new Set(shown)).toEqual(new Set(['old']));
  refreshTo(client, 'p2');
  await settle();
  expect(shown.at(-1)).toBe('new');
});

test('a screen that could not be read is read once the server is back', async () => {
  const { client, shown } = setUp(new Error('away'), { roles: 'new', position: 'p9' });
  await settle();
  expect(shown).toEqual([undefined]);
  refreshTo(client, 'p9');
  await settle();
  expect(shown.at(-1)).toBe('new');
});

test('what no screen shows any more is not asked for', async () => {
  const { client, sent, screen } = setUp({ roles: 'old', position: 'p1' });
  await settle();
  screen.unsubscribe();
  refreshTo(client, 'p2');
  await settle();
  expect(sent).toHaveLength(1);
});
