import { Installation, type ServerProcess } from './installation';

/** Races of many clients for the same thing, over real HTTP against a real process. */

const CREATE = `mutation Create($name: String!) {
  createRole(input: { name: $name }) { role { id } errors { code } }
}`;
interface Created {
  readonly createRole: {
    readonly role: { readonly id: string } | null;
    readonly errors: readonly { readonly code: string }[];
  };
}

describe('racing clients', () => {
  const installation = new Installation();
  let server: ServerProcess;

  beforeAll(async () => {
    server = await installation.start();
  });
  afterAll(async () => {
    await server.stop();
    installation.remove();
  });

  test('of two creators of one name, exactly one wins, fifty times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const variables = { name: `Contested ${round}` };
      const answers = await Promise.all([
        server.graphql<Created>(CREATE, variables),
        server.graphql<Created>(CREATE, { name: ` contested  ${round}` }),
      ]);
      const won = answers.filter(({ data }) => data.createRole.role !== null);
      const lost = answers.flatMap(({ data }) => data.createRole.errors.map(({ code }) => code));
      expect([won.length, lost]).toEqual([1, ['NAME_TAKEN']]);
    }
  });

  test('32 clients assign and unassign on one role: the end state equals the log, versions have no hole', async () => {
    const { data } = await server.graphql<Created>(CREATE, { name: 'Crowded' });
    const roleId = data.createRole.role?.id ?? '';
    const users = [
      'ana-horvat',
      'luka-novak',
      'li-wei',
      'omar-haddad',
      'hanna-berg',
      'mei-chen',
      'ben-carter',
      'zoe-papadaki',
    ];
    const change = async (client: number): Promise<void> => {
      const userIds = [`User:${users[client % users.length]}`];
      for (const verb of client % 3 === 0
        ? ['assignUsers']
        : ['assignUsers', 'unassignUsers', 'assignUsers']) {
        const answer = await server.graphql<Record<string, { errors: unknown[] }>>(
          `mutation Change($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { errors { code } } }`,
          { input: { roleId, userIds } },
        );
        expect(answer.data[verb]?.errors).toEqual([]);
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, client) => change(client)));

    const page = await server.graphql<{
      role: { version: number; userCount: number; users: { edges: { node: { id: string } }[] } };
    }>('query($id: ID!) { role(id: $id) { version userCount users(first: 50) { edges { node { id } } } } }', {
      id: roleId,
    });
    const { stdout } = await installation.rolebook('replay', '--role', roleId, '--format', 'ndjson');
    const steps = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { event: { revision: number }; after: { version: number; users: string[] } },
      );
    expect(steps.map(({ event }) => event.revision)).toEqual(steps.map((_, index) => index));
    expect(steps.map(({ after }) => after.version)).toEqual(steps.map((_, index) => index + 1));
    const last = steps.at(-1)?.after;
    expect(page.data.role.version).toBe(last?.version);
    expect(page.data.role.users.edges.map(({ node }) => node.id).sort()).toEqual(
      last?.users.map((id) => `User:${id}`).sort(),
    );
    expect(page.data.role.userCount).toBe(last?.users.length);
  });
});
