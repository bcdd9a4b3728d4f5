import { CommandError, type Command, type CommandBus } from '../../../src/commands/command';
import { startTestServer, type TestServer } from '../harness';
import { faultOf, patch, scimClient, USER, type Scim } from './client';

/** Answers of SCIM when something comes between, or fails. */

let server: TestServer;
let scim: Scim;
/** Runs before each command that is written; what it throws is the failure of the command. */
let before: (command: Command) => Promise<unknown> = async () => null;
let shows = true;
beforeAll(async () => {
  server = await startTestServer({
    environment: {
      ROLEBOOK_RATE_LIMIT: '1000',
      ROLEBOOK_COST_LIMIT: '5000',
      ROLEBOOK_MAX_QUERY_COST: '4000',
    },
    wrap: ({ bus, readModels }) => ({
      bus: {
        async execute(command, context) {
          if (!context.batch?.isDryRun) await before(command);
          return bus.execute(command, context);
        },
      } satisfies CommandBus,
      readModels: {
        view: (...asked) => readModels.view(...asked),
        waitFor: async (...asked) => shows && readModels.waitFor(...asked),
        waitForHead: (timeoutMs) => readModels.waitForHead(timeoutMs),
        findPlace: (sought) => readModels.findPlace(sought),
        status: () => readModels.status(),
      },
    }),
  });
  scim = scimClient(server);
  await server.run({ type: 'registerUser', user: 'tom', username: 'tom', name: 'Tom' });
});
afterEach(() => {
  before = async () => null;
  shows = true;
});
afterAll(() => server.close());

const both = patch({ op: 'replace', value: { active: false, userName: 'thomas' } });
const tom = async () => (await scim('GET', '/Users/tom')).body;

test('another change between the halves: the error says that one was written', async () => {
  before = async ({ type }) => {
    if (type === 'updateUser') await server.run({ type: 'registerUser', username: 'thomas' });
  };
  const answer = await scim('PATCH', '/Users/tom', both);
  expect(faultOf(answer)).toEqual([409, 'uniqueness', 'USERNAME_TAKEN']);
  expect(answer.body['detail']).toMatch(/The other half of the request was written before/);
  expect(await tom()).toMatchObject({ userName: 'tom', active: false });
});

test('the log fails between the halves, or before them', async () => {
  await server.run({ type: 'reactivateUser', user: 'tom' });
  const fail = async (): Promise<never> => {
    throw new CommandError('LOG_UNAVAILABLE', 'The log cannot be reached; nothing was written.');
  };
  before = async ({ type }) => (type === 'updateUser' ? fail() : null);
  const rename = patch({ op: 'replace', value: { active: false, userName: 'tommy' } });
  const half = await scim('PATCH', '/Users/tom', rename);
  expect([...faultOf(half), half.headers.get('retry-after')]).toEqual([503, 'LOG_UNAVAILABLE', '1']);
  expect(half.body['detail']).toMatch(/The other half of the request was written before/);
  // A repeat completes it.
  before = async () => null;
  expect((await scim('PATCH', '/Users/tom', rename)).body).toMatchObject({
    userName: 'tommy',
    active: false,
  });
  before = fail;
  const whole = await scim('DELETE', '/Users/tom');
  expect(whole.body['detail']).not.toMatch(/half/);
});

test('a fault of the program is told to nobody', async () => {
  before = async () => {
    throw new Error('a secret of the program');
  };
  const answer = await scim('POST', '/Users', { schemas: [USER], userName: 'una' });
  expect(faultOf(answer)).toEqual([500, 'INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(answer.body)).not.toMatch(/secret/);
  expect(server.log.some(({ err }) => JSON.stringify(err)?.includes('a secret of the program'))).toBe(true);
});

test('a change that cannot be read yet is told as recorded', async () => {
  shows = false;
  const answer = await scim('POST', '/Users', { schemas: [USER], userName: 'late' });
  expect(faultOf(answer)).toEqual([503, 'POSITION_NOT_REACHED']);
  expect(answer.headers.get('retry-after')).toBe('1');
  shows = true;
  const again = await scim('POST', '/Users', { schemas: [USER], userName: 'late' });
  expect(faultOf(again)).toEqual([409, 'uniqueness', 'USERNAME_TAKEN']);
});

test('each change is one line in the log of the process, without a name', async () => {
  const from = server.log.length;
  await scim('POST', '/Users', { schemas: [USER], userName: 'quiet-name' });
  await scim('GET', '/Users');
  // The line is written once the answer is out.
  while (!server.log.slice(from).some(({ msg }) => msg === 'change by SCIM'))
    await new Promise((resolve) => setTimeout(resolve, 5));
  const lines = server.log.slice(from).filter(({ msg }) => msg === 'change by SCIM');
  expect(lines).toMatchObject([{ account: 'acme', method: 'POST', route: '/scim/v2/Users', status: 201 }]);
  expect(JSON.stringify(server.log.slice(from))).not.toContain('quiet-name');
});

test('who asks too much is told so in the form of SCIM, and how much is left', async () => {
  const one = await scim('GET', '/Users/tom');
  expect(one.headers.get('ratelimit')).toMatch(/"requests";r=\d+;t=1, "cost";r=\d+;t=\d+/);
  const flood = async () => {
    for (;;) {
      const answer = await scim('GET', '/Users?count=0');
      if (answer.status !== 200) return answer;
    }
  };
  const refused = await flood();
  expect(faultOf(refused)).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
