import type { RoleDetails } from '../../src/domain/role/details';
import { Transfer } from '../operations/transfer';
import { startTestServer, type AnyData, type TestServer } from '../http/harness';

/**
 * Every detail of a role, from the input of a mutation to the last place that shows it. A detail that is added to
 * `RoleDetails` is asked for here by the compiler, and then by whichever place does not have it.
 */
const FIRST: RoleDetails = { name: 'First name', description: 'First description' };
const SECOND: RoleDetails = { name: 'Second name', description: 'Second description' };
const FIELDS = Object.keys(FIRST) as (keyof RoleDetails)[];
const LIST = FIELDS.join(' ');

describe('over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  const mutate = async (mutation: string, type: string, input: object): Promise<AnyData> => {
    const { data, errors } = await server.graphql(
      `mutation ($input: ${type}!) {
        ${mutation}(input: $input) { errors { code field } position role { id ${LIST} } }
      }`,
      { input },
    );
    if (errors) throw new Error(errors.map(({ message }) => message).join());
    return data[mutation] as AnyData;
  };

  test('is created, read, changed, read as of before, told by history, and copied', async () => {
    const created = await mutate('createRole', 'CreateRoleInput', FIRST);
    expect(created).toMatchObject({ errors: [], role: FIRST });
    const { id } = created.role;
    const changed = await mutate('updateRole', 'UpdateRoleInput', { id, ...SECOND });
    expect(changed).toMatchObject({ errors: [], role: SECOND });

    const { data } = await server.graphql(
      `query ($id: ID!, $asOf: AsOf!) {
        now: role(id: $id) { ${LIST} }
        before: role(id: $id, asOf: $asOf) { ${LIST} }
        history(first: 50) { edges { node { command role { key } changes { before after } } } }
      }`,
      { id, asOf: { position: created.position } },
    );
    expect(data).toMatchObject({ now: SECOND, before: FIRST });
    const entries = (data.history.edges as AnyData[]).map(({ node }) => node as AnyData);
    const changesOf = (mutation: string): unknown[] =>
      entries
        .filter(({ command, role }) => command === mutation && role?.key === id)
        .flatMap(({ changes }) => changes as unknown[]);
    for (const field of FIELDS) {
      expect(changesOf('createRole')).toContainEqual({ before: null, after: FIRST[field] });
      expect(changesOf('updateRole')).toContainEqual({ before: FIRST[field], after: SECOND[field] });
    }

    const copied = await mutate('duplicateRole', 'DuplicateRoleInput', { id });
    expect(copied).toMatchObject({ errors: [], role: { ...SECOND, name: 'Copy of Second name' } });
  });

  test.each(FIELDS)('%s of a default role cannot be changed', async (field) => {
    const id = 'Role:account-admin';
    const { errors } = await mutate('updateRole', 'UpdateRoleInput', { id, [field]: SECOND[field] });
    expect(errors).toEqual([{ code: 'DEFAULT_ROLE_IMMUTABLE', field: [field] }]);
  });
});

/** Imports lines of roles one after another into a new account; calls back before it is taken down. */
async function imported(lines: readonly object[], told: (transfer: Transfer) => unknown): Promise<void> {
  const transfer = new Transfer();
  await transfer.open();
  await transfer.account('here');
  for (const line of lines) await transfer.roles('here', `${JSON.stringify(line)}\n`);
  await told(transfer);
  await transfer.close();
}

test('is imported, and exported again', () =>
  imported([FIRST], async (transfer) => {
    expect(transfer.faults).toEqual([]);
    const lines = (await transfer.exportedRoles('here'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toContainEqual(expect.objectContaining(FIRST));
  }));

test.each(FIELDS.filter((field) => field !== 'name'))('is imported again with another %s: refused', (field) =>
  imported([FIRST, { ...FIRST, [field]: SECOND[field] }], ({ faults }) => {
    expect(faults).toEqual([expect.stringMatching('^1 NAME_TAKEN: ')]);
  }),
);

test.each(FIELDS)('%s of an imported line must be plain text', (field) =>
  imported([{ ...FIRST, [field]: 'a\u0000b' }], ({ faults }) => {
    expect(faults).toEqual([expect.stringMatching(`^1 ${field}: `)]);
  }),
);
