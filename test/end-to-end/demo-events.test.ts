import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { Installation } from './installation';

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
    await server.stop();
  } finally {
    installation.remove();
  }
});
