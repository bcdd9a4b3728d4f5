import { randomInt } from 'node:crypto';
import { issueOperatorToken } from '../../src/http/authentication/local-tokens';
import { publishedSchema } from '../long/flood/flood';
import { kindsOf, type Target } from '../long/malformed/kinds';
import { Answers, sendMalformed } from '../long/malformed/sending';
import { Wire } from '../long/malformed/wire';
import { Random } from '../long/random';
import { ADMIN, dataOf, startTestServer, type TestServer } from './harness';

/** The thin version of the part `malformed` of the long tests: some hundred requests of all kinds. */

let server: TestServer;
let target: Target;
beforeAll(async () => {
  server = await startTestServer();
  await server.run({ type: 'registerUser', user: 'ben', username: 'ben' });
  await server.run({ type: 'createRole', name: 'Custom' });
  const { roles } = dataOf(await server.graphql('{ roles(kind: CUSTOM) { nodes { id } } }'));
  target = {
    schema: publishedSchema(),
    user: await server.token(ADMIN),
    operator: await issueOperatorToken(server.signingKey),
    roleId: roles.nodes[0].id,
    userId: 'User:ben',
  };
});
afterAll(() => server.close());

test('no malformed request is answered by a fault, without an answer, or by what is inside', async () => {
  const seed = randomInt(1e9);
  const answers = new Answers();
  await sendMalformed(server.url, target, { count: 400, clients: 8, random: new Random(seed), answers });
  expect({ seed, faults: answers.faults }).toEqual({ seed, faults: [] });
  expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect(answers.sent).toBe(400);
  expect(Object.keys(answers.byKind)).toHaveLength(Object.keys(kindsOf(target)).length);
  expect(answers.byStatus['400']).toBeGreaterThan(50);
  dataOf(await server.graphql('{ me { id } roles { totalCount } }'));
});

test('a fault, what is inside, and a missing answer are found', () => {
  const bytes = Buffer.from('GET / HTTP/1.1\r\n\r\n');
  const found = (statuses: number[], text: string, isWhole = true): number => {
    const answers = new Answers();
    answers.take('kind', bytes, { statuses, text }, isWhole);
    return answers.faults.length;
  };
  expect([found([200], '{}'), found([400, 400], '{}'), found([], '', false)]).toEqual([0, 0, 0]);
  expect(found([500], '{}')).toBe(1);
  expect(found([400, 503], '{}')).toBe(1);
  expect(found([], '')).toBe(1);
  expect(found([400], 'x at Object.<anonymous> (/srv/app.js:1:2)')).toBe(1);
  expect(found([400], 'TypeError: x is not a function')).toBe(1);
});

test('a connection goes on after an answer, and a new one is made where the server ended it', async () => {
  const wire = new Wire(server.url);
  const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  for (const path of ['/health/live', '/nowhere', '/'])
    expect((await wire.exchange({ bytes: get(path), isWhole: true })).statuses).toHaveLength(1);
  const broken = await wire.exchange({ bytes: Buffer.from('nonsense\r\n\r\n'), isWhole: false });
  expect(broken.statuses).toEqual([400]);
  expect((await wire.exchange({ bytes: get('/health/live'), isWhole: true })).statuses).toEqual([200]);
  wire.close();
});
