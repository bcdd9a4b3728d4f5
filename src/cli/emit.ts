import 'reflect-metadata';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SETTINGS, type Setting } from '../config';
import { eventSchemas } from '../domain/schemas';
import { emitSchema } from '../graphql/emit';

/**
 * Writes what follows from the code: `schema/schema.graphql`, `schema/events/*.json`, and the README's table of
 * settings. `npm run drift` checks that the committed ones are these.
 */
const root = path.join(__dirname, '..', '..', '..');
const folder = path.join(root, 'schema');
const events = path.join(folder, 'events');
mkdirSync(events, { recursive: true });
const schemas = Object.entries(eventSchemas());
const names = new Set(schemas.map(([name]) => name));
for (const name of readdirSync(events)) if (!names.has(name)) rmSync(path.join(events, name));
for (const [name, schema] of schemas)
  writeFileSync(path.join(events, name), `${JSON.stringify(schema, null, 2)}\n`);
emitSchema(path.join(folder, 'schema.graphql'));

const readme = path.join(root, 'README.md');
const rows = Object.values<Setting>(SETTINGS).map(
  ({ name, default: value, description }) =>
    `| \`${name}\` | ${value ? `\`${value}\`` : ''} | ${description} |`,
);
const table = ['| setting | default | what |', '|---|---|---|', ...rows].join('\n');
const text = readFileSync(readme, 'utf8');
writeFileSync(
  readme,
  text.replace(
    /<!-- settings -->[^]*<!-- \/settings -->/,
    () => `<!-- settings -->\n${table}\n<!-- /settings -->`,
  ),
);
