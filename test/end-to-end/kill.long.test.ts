import { Installation, type Answer } from './installation';

/** `kill -9` in the middle of writes, then a start: every acknowledged change is there, once, in log and tables alike. */

const REGISTER = `mutation Register($username: String!) {
  registerUser(input: { username: $username, name: "Kept" }) { user { id } errors { code } }
}`;

interface UsersPage {
  readonly users: {
    readonly edges: readonly { readonly node: { readonly username: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

test('what was acknowledged before a kill is there after a start, once', async () => {
  const installation = new Installation();
  try {
    const first = await installation.start();
    const acknowledged: string[] = [];
    let next = 0;
    let killed = false;
    const client = async (): Promise<void> => {
      while (!killed) {
        const username = `kept-${(next += 1)}`;
        try {
          const { data } = await first.graphql<{ registerUser: { errors: unknown[] } }>(REGISTER, {
            username,
          });
          if (data.registerUser.errors.length === 0) acknowledged.push(username);
        } catch {
          // The server is gone: this one was not acknowledged, and may be there or not.
          return;
        }
        if (acknowledged.length >= 150 && !killed) {
          killed = true;
          await first.kill();
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    expect(acknowledged.length).toBeGreaterThanOrEqual(150);

    const second = await installation.start();
    const found: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data }: Answer<UsersPage> = await second.graphql<UsersPage>(
        `query($after: String) { users(search: "kept", first: 100, after: $after) {
          edges { node { username } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      found.push(...data.users.edges.map(({ node }) => node.username));
      more = data.users.pageInfo.hasNextPage;
      after = data.users.pageInfo.endCursor;
    }
    expect(found.length).toBe(new Set(found).size);
    expect(acknowledged.filter((username) => !found.includes(username))).toEqual([]);

    const { stdout } = await installation.rolebook('events', '--account', 'demo');
    const registered = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; data: { username?: string } })
      .flatMap(({ type, data }) =>
        type === 'UserRegistered' && data.username?.startsWith('kept-') ? [data.username] : [],
      );
    expect(registered.sort()).toEqual(found.sort());
    expect(await second.stop()).toBe(0);
  } finally {
    installation.remove();
  }
});
