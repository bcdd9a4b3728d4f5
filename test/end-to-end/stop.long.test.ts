import net from 'node:net';
import { isHeartbeat } from '../../src/event-store/port/streams';
import { readAppend } from '../event-store/eventstoredb/fake/answers';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { Installation } from './installation';

/**
 * SIGTERM. The process ends itself with code 1 before ten seconds are over, so code 0 says that all was closed in time.
 */

const REGISTER = `mutation Register($username: String!) {
  registerUser(input: { username: $username, name: "Kept" }) { user { id } errors { code } }
}`;
const COUNT = '{ users(search: "kept", first: 1) { totalCount } }';

type Registered = { readonly registerUser: { readonly errors: readonly unknown[] } };

let installation: Installation;
afterEach(() => installation.remove());

/** A reset reaches the client by either code: undici saw the system's error, or that the other side had closed. */
const RESET = ['ECONNRESET', 'UND_ERR_SOCKET'];

const codeOf = (error: unknown): string => {
  const code = String(((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? error);
  return RESET.includes(code) ? 'reset' : code;
};

test('under load every request is answered or finds nobody there, and what was acknowledged stays', async () => {
  installation = new Installation();
  const first = await installation.start();
  const acknowledged: string[] = [];
  const failures = new Set<string>();
  let next = 0;
  let ended: Promise<number | null> | null = null;
  const client = async (): Promise<void> => {
    for (;;) {
      const username = `kept-${(next += 1)}`;
      try {
        const { data } = await first.graphql<Registered>(REGISTER, { username });
        if (data.registerUser.errors.length === 0) acknowledged.push(username);
      } catch (error) {
        failures.add(codeOf(error));
        return;
      }
      if (acknowledged.length >= 100) ended ??= first.stop();
    }
  };
  // A connection that brings nothing is not worth waiting for.
  const idle = net.connect(Number(new URL(first.url).port), '127.0.0.1').on('error', () => undefined);
  await Promise.all(Array.from({ length: 16 }, client));
  expect(await ended).toBe(0);
  // The system resets connections that nobody had accepted when the port was closed. Were one reset whose request was
  // carried out, the second server below would count more than was acknowledged.
  expect([...failures].filter((code) => code !== 'reset' && code !== 'ECONNREFUSED')).toEqual([]);
  idle.destroy();

  const second = await installation.start();
  const { data } = await second.graphql<{ users: { totalCount: number } }>(COUNT);
  expect(data.users.totalCount).toBe(acknowledged.length);
  expect(await second.stop()).toBe(0);
});

test('with a log that has fallen silent, who waits for it is told so, and it ends all the same', async () => {
  const log = new FakeEventStoreDb();
  await log.start();
  installation = new Installation({ EVENTSTOREDB_URL: log.url });
  try {
    const replica = await installation.start();
    const sent = new Promise<void>((resolve) => {
      log.onAppend = (_call, request) => {
        if (!isHeartbeat(readAppend(request).stream)) resolve();
      };
    });
    const waiting = replica.graphql(REGISTER, { username: 'kept-1' });
    await sent;
    log.onRead = () => undefined;
    const ended = replica.stop();
    const { errors } = await waiting;
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['LOG_UNAVAILABLE']);
    expect(await ended).toBe(0);
  } finally {
    log.stop();
  }
});
