import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent, Position } from '../../src/event-store/port/event-store';
import { openEventStoreDb, type EventStoreDbStore } from '../../src/event-store/eventstoredb';
import { asEsdb } from '../../src/event-store/eventstoredb/options';
import { claimStream, heartbeatStream, roleStream, userStream } from '../../src/event-store/port/streams';
import { newDirectory, removeDirectory } from '../directories';
import { FakeEventStoreDb } from '../event-store/eventstoredb/fake/server';
import { idsOf, newEvent, write } from '../event-store/contract/controls';
import { newPrefix, serverUrl } from '../eventstoredb';

/** Commands and facts of the guide to EventStoreDB. */

const ROOT = path.join(__dirname, '..', '..');
const GUIDE = readFileSync(path.join(ROOT, 'docs', 'eventstoredb.md'), 'utf8');

test('its table names every event that has a schema, and no other', () => {
  const table = /<!-- events -->([^]*)<!-- \/events -->/.exec(GUIDE)?.[1] ?? '';
  const named = [...table.matchAll(/^\|[^|]*\| `(\w+)` \|/gm)].map(([, name]) => name);
  const schemas = readdirSync(path.join(ROOT, 'schema', 'events'))
    // Without the contracts of each version: `UserAssigned.v1.json`.
    .filter((file) => /^\w+\.json$/.test(file))
    .map((file) => path.parse(file).name);
  expect([...named].sort()).toEqual(schemas.filter((name) => name !== 'EventMetadata').sort());
});

describe('its reader for Node', () => {
  const program = /```js\n([^]*?)```/.exec(GUIDE)?.[1] ?? '';
  const streamPrefix = newPrefix();
  const directory = newDirectory();
  const checkpoint = path.join(directory, 'checkpoint.json');
  const noted = (): string => (existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8') : '');
  const running: ChildProcess[] = [];
  let fake: FakeEventStoreDb | null = null;
  let store: EventStoreDbStore;
  let url: string;

  beforeAll(async () => {
    if (!serverUrl) {
      fake = new FakeEventStoreDb();
      await fake.start();
    }
    url = serverUrl ?? fake?.url ?? '';
    store = await openEventStoreDb({ url, streamPrefix });
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await store.close();
    fake?.stop();
    removeDirectory(directory);
  });

  /** Runs it until it has printed so many events, and noted the position of the last; their ids. */
  async function read(count: number, last: Position): Promise<string[]> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        EVENTSTOREDB_URL: asEsdb(url),
        ROLEBOOK_STREAM_PREFIX: streamPrefix,
        CHECKPOINT: checkpoint,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const ids: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      ids.push((JSON.parse(line) as { id: string }).id);
      if (ids.length === count) break;
    }
    while (!noted().includes(`"${last}"`)) await sleep(20);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    return ids;
  }

  const append = (count: number): NewEvent[] =>
    Array.from({ length: count }, (_, index) => {
      const event = newEvent();
      return {
        ...event,
        metadata: { ...event.metadata, part: String(index + 1), parts: String(count) },
      };
    });

  test('gets whole appends without claims and heartbeats, and goes on after the last', async () => {
    const [user, role, more] = [append(1), append(3), append(2)];
    await write(store, userStream('acme', 'ann'), user);
    await write(store, claimStream('acme', 'hash'), append(1));
    await write(store, heartbeatStream(1), [newEvent({}, 'Heartbeat')]);
    const { position } = await write(store, roleStream('acme', 'editors'), role);
    expect(await read(4, position)).toEqual(idsOf([...user, ...role]));
    const { position: later } = await write(store, roleStream('acme', 'editors'), more);
    expect(await read(2, later)).toEqual(idsOf(more));
  });
});
