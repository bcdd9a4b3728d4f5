import 'reflect-metadata';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventSchemas } from '../domain/schemas';
import { emitSchema } from '../graphql/emit';

/** Writes what others build on: `schema/schema.graphql` and `schema/events/*.json`. `npm run drift` checks both. */
const folder = path.join(__dirname, '..', '..', '..', 'schema');
const events = path.join(folder, 'events');
mkdirSync(events, { recursive: true });
const schemas = Object.entries(eventSchemas());
const names = new Set(schemas.map(([name]) => name));
for (const name of readdirSync(events)) if (!names.has(name)) rmSync(path.join(events, name));
for (const [name, schema] of schemas)
  writeFileSync(path.join(events, name), `${JSON.stringify(schema, null, 2)}\n`);
emitSchema(path.join(folder, 'schema.graphql'));
