import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020';
import { CONTRACTS as FOLDER, envelopeFaults, schemasIn } from '../feeds/judges';
import { Installation, type ServerProcess } from './installation';

/**
 * Every event of the demo, the catalogue's included, is what the committed JSON Schemas say, in the log and as readers get
 * it; by another validator than ours.
 */

interface Event {
  readonly type: string;
  readonly data: object;
  readonly metadata: object;
}

function demandValid(schemas: ReadonlyMap<string, ValidateFunction>, { type, data, metadata }: Event): void {
  for (const [name, value] of [
    [type, data],
    ['EventMetadata', metadata],
  ] as const) {
    const validate = schemas.get(name);
    expect([name, validate?.(value), validate?.errors]).toEqual([name, true, null]);
  }
}

/**
 * The demo over HTTP: each event is what CloudEvents says, by its SDK and by the schema of its specification, and what the
 * contracts say that the envelope names. The command line prints the same.
 */
async function demandFeed({ url, token }: ServerProcess, logged: readonly string[]): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/events?limit=10000`, { headers });
  const lines = (await response.text()).trim().split('\n');
  expect(JSON.parse(lines.pop()!)).toMatchObject({ end: true, more: false });
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
    logged.map((line) => (JSON.parse(line) as { id: string }).id),
  );
  const contracts = schemasIn(FOLDER);
  const faults = lines.flatMap((line) =>
    envelopeFaults(contracts, JSON.parse(line) as Record<string, unknown>),
  );
  expect(faults).toEqual([]);
  const served = await fetch(`${url}/schema/events/UserRegistered.v1.json`);
  expect(await served.text()).toBe(
    JSON.stringify(JSON.parse(readFileSync(path.join(FOLDER, 'UserRegistered.v1.json'), 'utf8'))),
  );
  // From anywhere: without the data folder.
  const elsewhere = new Installation({ ROLEBOOK_TOKEN: token });
  try {
    const printed = await elsewhere.rolebook('events', '--url', url);
    expect(printed).toMatchObject({ code: 0, stdout: `${lines.join('\n')}\n` });
  } finally {
    elsewhere.remove();
  }
}

test('every event of the demo validates against the committed schemas', async () => {
  const forReaders = schemasIn(FOLDER);
  const stored = new Map([...forReaders, ...schemasIn(path.join(FOLDER, 'stored'))]);
  expect([...schemasIn(path.join(FOLDER, 'stored')).keys()].sort()).toEqual([
    'ApiKeyCreated',
    'EventMetadata',
    'EventVoided',
    'UserIdentityLinked',
    'UserProfileChanged',
    'UserRegistered',
  ]);
  const installation = new Installation();
  try {
    const server = await installation.start();
    const store = await installation.openLog();
    const types = new Set<string>();
    try {
      for await (const event of store.readAll()) {
        types.add(event.type);
        demandValid(stored, event);
      }
    } finally {
      await store.close();
    }
    expect(
      [...types].filter((type) => type.startsWith('Role') || type.startsWith('User')).length,
    ).toBeGreaterThan(10);
    const { stdout } = await installation.rolebook('events', '--account', 'demo', '--catalogue');
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(500);
    for (const line of lines) demandValid(forReaders, JSON.parse(line) as Event);
    await demandFeed(server, lines);
    await server.stop();
  } finally {
    installation.remove();
  }
});
