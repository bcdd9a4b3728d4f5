import { answerTo, tells, twoAccounts, type TwoAccounts } from './foreign-ids';
import { codesOf } from './harness';

/** The thin version of `other-accounts.long.test.ts`: every place of a text once, each with one thing of another account. */

let two: TwoAccounts;
beforeAll(async () => (two = await twoAccounts()), 60_000);
afterAll(() => two.server.close());

test('a number of history in clear is no cursor: it would count the events of all accounts', async () => {
  const clear = Buffer.from(JSON.stringify(['history', 1_000])).toString('base64url');
  const query = `{ history(first: 1, after: "${clear}") { nodes { id } } }`;
  expect(codesOf(await two.server.graphql(query))).toEqual(['BAD_USER_INPUT']);
});

test('what is another account’s is like what never was, at every place that takes an id, position or cursor', async () => {
  const { server, probes, foreign } = two;
  expect(probes.length).toBeGreaterThanOrEqual(60);
  const forms = foreign.filter((_, n) => n % Math.ceil(foreign.length / 12) === 0);
  for (const [n, probe] of probes.entries()) {
    const { text, unknown } = forms[n % forms.length]!;
    const answer = await answerTo(server, probe, text);
    expect([probe.at, text, answer]).toEqual([probe.at, text, await answerTo(server, probe, unknown())]);
    expect([probe.at, text, tells(answer)]).toEqual([probe.at, text, false]);
  }
});
