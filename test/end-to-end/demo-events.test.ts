import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { Installation } from './installation';

/** Every event of the demo, the catalogue's included, is what the committed JSON Schemas say; by another validator than ours. */

const FOLDER = path.join(__dirname, '..', '..', 'schema', 'events');

test('every event of the demo validates against the committed schemas', async () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  const schemas = new Map(
    readdirSync(FOLDER).map((file) => [
      path.basename(file, '.json'),
      ajv.compile(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as object),
    ]),
  );
  const installation = new Installation();
  try {
    const server = await installation.start();
    const store = await installation.openLog();
    const types = new Set<string>();
    try {
      for await (const event of store.readAll()) {
        types.add(event.type);
        for (const [name, value] of [
          [event.type, event.data],
          ['EventMetadata', event.metadata],
        ] as const) {
          const validate = schemas.get(name);
          expect([name, validate?.(value), validate?.errors]).toEqual([name, true, null]);
        }
      }
    } finally {
      await store.close();
    }
    expect(
      [...types].filter((type) => type.startsWith('Role') || type.startsWith('User')).length,
    ).toBeGreaterThan(10);
    await server.stop();
  } finally {
    installation.remove();
  }
});
