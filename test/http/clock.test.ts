import { randomUUID } from 'node:crypto';
import { accountStream } from '../../src/event-store/port/streams';
import { ACCOUNT, codesOf, dataOf, startTestServer, type TestServer } from './harness';

const DAY_MS = 86_400_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const create = (name: string) =>
  server.graphql(`mutation { createRole(input: { name: "${name}" }) { role { id } errors { code } } }`);
const ready = async () => {
  const response = await fetch(`${server.url}/health/ready`);
  return { status: response.status, ...((await response.json()) as { clockSkewMs: number | null }) };
};

test('a clock that was set back a day: changes are refused, questions answered, and the replica says why', async () => {
  expect(await ready()).toMatchObject({ status: 200, clockSkewMs: 0 });
  dataOf(await create('Before'));
  // Events that this machine recorded while its clock was a day ahead.
  const { metadata } = (await server.store.head())!;
  const at = new Date(Date.now() + DAY_MS).toISOString();
  const written = await server.store.append(accountStream(ACCOUNT), 'any', [
    {
      id: randomUUID(),
      type: 'FeatureDisabled',
      data: { account: ACCOUNT, feature: 'VOICE' },
      metadata: { ...metadata, recordedAt: at, part: '1', parts: '1' },
    },
  ]);
  if (written.outcome !== 'appended') throw new Error('conflict');
  await server.readModels.waitFor(written.position, 5_000);

  const refused = await create('Refused');
  expect([refused.status, codesOf(refused)]).toEqual([503, ['CLOCK_SKEW']]);
  const health = await ready();
  expect(health.status).toBe(503);
  expect(Math.abs(health.clockSkewMs! + DAY_MS)).toBeLessThan(60_000);
  const { roles, history } = dataOf(
    await server.graphql(
      `query ($at: DateTime!) {
        roles(kind: CUSTOM) { edges { node { name } } }
        history(filter: { since: $at, until: $at }) { edges { node { type at recordedAt } } } }`,
      { at },
    ),
  );
  expect(roles.edges.map(({ node }: { node: { name: string } }) => node.name)).toEqual(['Before']);
  expect(history.edges).toEqual([{ node: { type: 'FEATURE_DISABLED', at, recordedAt: at } }]);
});
