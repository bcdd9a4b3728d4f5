import { validating } from '../../src/event-store/decorators/validating-store';
import type { EventStore, SubscribeOptions, SubscriptionItem } from '../../src/event-store/port/event-store';
import { MemoryEventStore } from '../event-store/memory/memory-store';
import { ADMIN, dataOf, startTestServer, type TestServer } from '../http/harness';
import { clients } from './clients';

/** Reading your own writes on a replica that lags, by the clients that docs/frontend.md sets up. */

/** The same log, whose subscriptions deliver nothing for as long as they are held back. */
function late(store: EventStore): { store: EventStore; hold(): void; release(): void } {
  let held = Promise.resolve();
  let release = (): void => undefined;
  async function* subscribe(options: SubscribeOptions): AsyncGenerator<SubscriptionItem, void, undefined> {
    for await (const item of store.subscribe(options)) {
      await held;
      yield item;
    }
  }
  const lagging = new Proxy(store, {
    get(target, key) {
      if (key === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const hold = (): void => {
    held = new Promise((resolve) => (release = resolve));
  };
  return { store: lagging, hold, release: () => release() };
}

describe('two replicas, one of which lags', () => {
  const log = validating(new MemoryEventStore());
  const behind = late(log);
  let writer: TestServer;
  let reader: TestServer;
  beforeAll(async () => {
    writer = await startTestServer({ store: log });
    const environment = { ROLEBOOK_SIGNING_KEY_FILE: writer.config.signingKeyFile };
    reader = await startTestServer({ store: behind.store, environment });
  });
  afterAll(async () => {
    behind.release();
    await Promise.all([writer.close(), reader.close()]);
  });
  afterEach(() => jest.restoreAllMocks());

  test.each(clients())('%s reads what it wrote', async (client, open) => {
    const made = dataOf(
      await writer.graphql(
        'mutation ($name: String!) { createRole(input: { name: $name }) { role { id } position } }',
        { name: `Before ${client}` },
      ),
    ).createRole;
    const id = made.role.id as string;
    const asked = { headers: { 'rolebook-min-position': made.position as string } };
    dataOf(await reader.graphql('{ me { id } }', {}, asked));
    sendReadsTo(reader.url);
    const store = open({ url: `${writer.url}/graphql`, token: await writer.token(ADMIN) });
    const name = (): unknown => store.read('Name', { id })?.role.name;
    await store.fetch('Name', { id });
    expect(name()).toBe(`Before ${client}`);
    behind.hold();
    const input = { id, name: `After ${client}` };
    await Promise.all([
      store.mutate('Rename', { input }),
      store.mutate('Rename', { input: { id, description: 'Two at once' } }),
    ]);
    // Without the header, the replica answers as it is.
    const { role } = dataOf(await reader.graphql('query ($id: ID!) { role(id: $id) { name } }', { id }));
    expect(role.name).toBe(`Before ${client}`);
    let answered = false;
    const fetched = store.fetch('Name', { id }).finally(() => (answered = true));
    // Others are answered meanwhile.
    for (let times = 0; times < 5; times++) dataOf(await reader.graphql('{ me { id } }'));
    expect(answered).toBe(false);
    behind.release();
    await fetched;
    expect(name()).toBe(`After ${client}`);
    store.close();
  });

  /** Sends requests that are no mutation to another server. */
  function sendReadsTo(url: string): void {
    const real = globalThis.fetch;
    jest.spyOn(globalThis, 'fetch').mockImplementation((to, init) => {
      const { query } = JSON.parse(String(init?.body)) as { query: string };
      return real(query.startsWith('mutation') ? to : `${url}/graphql`, init);
    });
  }
});
