import { setTimeout as sleep } from 'node:timers/promises';
import { openEventStoreDb } from '../../src/event-store/eventstoredb';
import { readAppend } from '../event-store/eventstoredb/fake/answers';
import { isOfStream, isSubscription } from '../event-store/eventstoredb/fake/reads';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { Installation } from './installation';
import { freePort } from '../free-port';

/** Starts without a log that answers; much of it is waiting. */
describe('a server that starts while its log', () => {
  let log: FakeEventStoreDb;
  let installation: Installation;
  beforeEach(async () => {
    log = new FakeEventStoreDb();
    await log.start();
    installation = new Installation({ EVENTSTOREDB_URL: log.url });
  });
  afterEach(() => {
    installation.remove();
    log.stop();
  });

  /** Starts it, and gives what it said of itself until it served. */
  async function started(
    whileWaiting: (asked: () => Promise<object | null>) => Promise<void>,
  ): Promise<string> {
    const port = await freePort();
    const asked = (): Promise<object | null> =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        async (response) => ({ status: response.status, ...((await response.json()) as object) }),
        () => null,
      );
    const starting = installation.start({ PORT: String(port) });
    // An exit is told at once.
    await Promise.race([whileWaiting(asked), starting]);
    const server = await starting;
    expect(await asked()).toMatchObject({ status: 200, ready: true });
    const { data } = await server.graphql<{ users: object }>('{ users { totalCount } }');
    expect(data).toEqual({ users: { totalCount: 41 } });
    expect(await server.stop()).toBe(0);
    return server.log();
  }
  const WAITING = { status: 503, ready: false, state: 'starting', step: 'Waiting for the log' };
  const untilWaiting = async (asked: () => Promise<object | null>): Promise<void> => {
    for (let seen: object | null = null; !(seen && 'step' in seen); await sleep(50)) seen = await asked();
    expect(await asked()).toMatchObject(WAITING);
  };

  test('is not there yet waits, says so, and serves once it is there', async () => {
    log.stop();
    const said = await started(async (asked) => {
      await untilWaiting(asked);
      await log.start();
    });
    expect(said).toContain('the log is out of reach; the start waits for it');
  });

  test('does not answer waits, and serves once it answers', async () => {
    let unanswered = 0;
    log.onRead = () => void (unanswered += 1);
    const said = await started(async (asked) => {
      await untilWaiting(asked);
      while (unanswered < 2) await sleep(50);
      log.onRead = (_call, properly) => properly();
    });
    expect(said).toMatch(/"why":"the identity of the log could not be read: reading: no answer for \d+ ms"/);
  });

  test('falls silent in the middle of the demo goes on with it, and does nothing twice', async () => {
    let silences = 2;
    log.onAppend = (_call, request, properly) => {
      properly();
      if (silences === 2 && readAppend(request).events.some(({ type }) => type === 'UserRegistered'))
        log.onRead = (call, answer) => {
          // Two reads of streams stay unanswered, one after the other, and all that come beside them.
          if (isSubscription(call) || !isOfStream(call) || silences <= 0) return answer();
          setTimeout(() => (silences -= 1), 5_000);
        };
    };
    const said = await started(async (asked) => {
      for (let seen: object | null = null; !(seen && 'step' in seen && seen.step === WAITING.step);) {
        seen = await asked();
        await sleep(50);
      }
    });
    expect(said).toContain('the start waits for it');
    const store = await openEventStoreDb({ url: log.url });
    const types: string[] = [];
    for await (const { type } of store.readAll()) types.push(type);
    await store.close();
    const times = (type: string): number => types.filter((each) => each === type).length;
    expect([times('CataloguePublished'), times('AccountOpened'), times('UserRegistered')]).toEqual([
      1, 1, 41,
    ]);
  });

  test('is away ends at once when it is told to', async () => {
    log.stop();
    const port = await freePort();
    const starting = installation.start({ PORT: String(port) }).catch((error: Error) => error.message);
    const url = `http://127.0.0.1:${port}/health/ready`;
    const step = async (): Promise<unknown> =>
      fetch(url).then(
        async (response) => ((await response.json()) as { step?: string }).step,
        () => null,
      );
    while ((await step()) !== WAITING.step) await sleep(50);
    installation.terminate();
    expect(await starting).toMatch(/The server ended \(0\)/);
  });
});
