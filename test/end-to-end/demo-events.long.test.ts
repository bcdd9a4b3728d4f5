import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { CloudEvent } from 'cloudevents';
import { Installation, type ServerProcess } from './installation';

/**
 * Every event of the demo, the catalogue's included, is what the committed JSON Schemas say, in the log and as readers get
 * it; by another validator than ours.
 */

const FOLDER = path.join(__dirname, '..', '..', 'schema', 'events');

interface Event {
  readonly type: string;
  readonly data: object;
  readonly metadata: object;
}

function schemasIn(folder: string): Map<string, ValidateFunction> {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        path.basename(file, '.json'),
        ajv.compile(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object),
      ]),
  );
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
  for (const line of lines) {
    const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const contract = path.basename(String(event.dataschema), '.json');
    expect([contract, event.type]).toEqual([
      String(event.type).replace('rolebook.', ''),
      `rolebook.${contract}`,
    ]);
    for (const [name, value] of [
      [contract, event.data],
      ['Envelope.v1', event],
    ] as const) {
      const validate = contracts.get(name);
      expect([name, validate?.(value), validate?.errors]).toEqual([name, true, null]);
    }
    expect([isCloudEvent(event), isCloudEvent.errors]).toEqual([true, null]);
    expect(new CloudEvent(event as Partial<CloudEvent<unknown>>, true).validate()).toBe(true);
    const extensions = Object.keys(event).filter((name) => !ATTRIBUTES.includes(name));
    for (const name of extensions) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(typeof event[name]).toBe('string');
    }
  }
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

/** The JSON Schema of the specification, as the SDK has it compiled. */
const isCloudEvent = (
  createRequire(__filename)('cloudevents/dist/schema/v1.js') as { default: ValidateFunction }
).default;

/** Attributes of CloudEvents itself. */
const ATTRIBUTES = [
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'data'],
];

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
